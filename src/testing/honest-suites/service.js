import { callerOf } from './lib/caller.js';

export const url = process.env.LOOP_URL_HELLO;

/** The service's answer to the test of this name, with the trace that the example's helper gives it. */
export async function ask(test) {
  const response = await fetch(url, { headers: callerOf({ name: test }).headers() });
  return { status: response.status, body: await response.json() };
}

const tried = new Set();
/** Fails the first time that it is called for a test: runners that retry call again in the same process. */
export function failOnce(test) {
  if (tried.has(test)) return;
  tried.add(test);
  throw new Error(`${test}: the connection was reset, try again`);
}

export const soon = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
