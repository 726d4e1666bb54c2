import type { TestCase } from '../core/test-report.ts';
import { bareAttempts, noFrames, noProperties } from './test-parts.ts';

/** What a test has beyond its place, name, outcome and duration; most have nothing. */
export type TestDetails = Pick<TestCase, 'frames' | 'attempts' | 'properties'> &
  Partial<Pick<TestCase, 'message' | 'failureType' | 'stack' | 'stdout' | 'stderr'>>;

/** As text, or null where there is nothing. What follows from the rest is left out. */
export function detailsText(test: TestCase): string | null {
  const { message, failureType, stack, stdout, stderr } = test;
  const frames = test.frames.length === 0 ? undefined : test.frames;
  const properties = test.properties.length === 0 ? undefined : test.properties;
  const attempts = isOnlyAttempt(test) ? undefined : test.attempts;
  const parts = [message, failureType, stack, stdout, stderr, frames, properties, attempts];
  if (parts.every((part) => part === undefined)) return null;
  return JSON.stringify({ message, failureType, stack, stdout, stderr, frames, properties, attempts });
}

function isOnlyAttempt({ attempts, outcome, message }: TestCase): boolean {
  return attempts.length === 1 && attempts[0]?.outcome === outcome && attempts[0].message === message;
}

export function detailsFrom(text: string | null, outcome: TestCase['outcome']): TestDetails {
  const kept = (text === null ? {} : JSON.parse(text)) as Partial<TestDetails>;
  const { message } = kept;
  const only = message === undefined ? bareAttempts[outcome] : [{ outcome, message }];
  return { frames: noFrames, properties: noProperties, attempts: only, ...kept };
}
