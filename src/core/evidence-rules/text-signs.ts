import type { TestCase, TestList } from '../test-report.ts';
import { consoleMarkers, type MarkerName } from './console-markers.ts';
import { hostsIn } from './url-hosts.ts';

/** What the texts of an attempt give away: hosts that were called, and words of its runner or its helpers. */
export interface TextSigns {
  readonly hosts: { host: string; times: number; where: string }[];
  readonly markers: { marker: MarkerName; text: string; times: number; where: string }[];
}

const hostsMax = 20;
const lineCharsMax = 4_000;
/** A line of source that a runner shows around a failure: `> 12 |   test.skip(…)`. */
const sourceLine = /^\s*>?\s*\d+\s?\|/;

/** From the console's text and from what tests wrote into their report. */
export function textSigns(console: string, tests: TestList): TextSigns {
  const { look, found } = makeFinder();
  lookAtConsole(console, tests, look);
  lookAtTests(tests, look);
  return found();
}

type Look = (text: string, where: string) => void;

function makeFinder(): { look: Look; found(): TextSigns } {
  const hosts = new Map<string, TextSigns['hosts'][number]>();
  const markers = new Map<string, TextSigns['markers'][number]>();
  const look: Look = (text, where) => {
    if (sourceLine.test(text)) return;
    for (const host of hostsIn(text)) {
      const known = hosts.get(host);
      if (known) known.times += 1;
      else if (hosts.size < hostsMax) hosts.set(host, { host, times: 1, where });
    }
    for (const { marker, pattern } of consoleMarkers) {
      const [match] = pattern.exec(text) ?? [];
      if (match === undefined) continue;
      const known = markers.get(marker);
      if (known) known.times += 1;
      else markers.set(marker, { marker, text: match, times: 1, where });
    }
  };
  const found = () => ({
    hosts: [...hosts.values()],
    markers: consoleMarkers.flatMap(({ marker }) => markers.get(marker) ?? []),
  });
  return { look, found };
}

/**
 * What tests, their groups and their files are called is no output, nor is why one was skipped: that may be about a bypass, or
 * about a mock, and be honest.
 */
function lookAtConsole(console: string, tests: TestList, look: Look): void {
  const names = markedWords(tests);
  for (const [index, line] of console.split('\n').entries()) {
    const text = names.reduce((left, name) => left.replaceAll(name, ' '), line.slice(0, lineCharsMax));
    look(text, `console line ${index + 1}`);
  }
}

/** Words about tests that hold those of a marker, the longest first. */
function markedWords(tests: TestList): string[] {
  const found = new Set<string>();
  const lookAt = (word: string): void => {
    if (consoleMarkers.some(({ pattern }) => pattern.test(word))) found.add(word);
  };
  let before: TestCase | undefined;
  for (const test of tests) {
    // Tests stand class by class: what they share is looked at once.
    for (const part of ['suite', 'className', 'file'] as const) {
      if (test[part] !== before?.[part]) for (const word of partsOf(test[part] ?? '')) lookAt(word);
    }
    for (const word of partsOf(test.name)) lookAt(word);
    if (test.outcome === 'skipped' && test.message !== undefined) lookAt(test.message);
    before = test;
  }
  return [...found].toSorted((left, right) => right.length - left.length);
}

function partsOf(name: string): string[] {
  const parts = name.split(/ [>›] /);
  return parts.length === 1 ? parts : [name, ...parts];
}

/** Runners with a report of their own may print nothing: what a test wrote is in there. Why one was skipped is no sign of what others did. */
function lookAtTests(tests: TestList, look: Look): void {
  let number = 0;
  for (const { outcome, message, stdout, stderr } of tests) {
    number += 1;
    for (const text of [outcome === 'skipped' ? undefined : message, stdout, stderr]) {
      if (!text) continue;
      for (const line of text.split('\n')) {
        if (line !== '') look(line.slice(0, lineCharsMax), `test ${number} of the report`);
      }
    }
  }
}
