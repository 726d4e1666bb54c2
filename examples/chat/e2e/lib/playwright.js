import { callerOf } from './caller.js';

/**
 * For a Playwright suite, which brings Playwright itself: `export const test = base.extend(carriesTrace)`, with `test as base` from
 * `@playwright/test`. Its `request` fixture, and the pages of a browser, then call with the run's user agent and the test's trace; headers
 * that the configuration sets stay. All requests of one test share a span. A context that a test makes itself is given
 * `extraHTTPHeaders` and `userAgent` by that test.
 */
export const carriesTrace = {
  extraHTTPHeaders: async ({ extraHTTPHeaders }, use, testInfo) => {
    await use({ ...extraHTTPHeaders, ...callerOf({ name: testInfo.title }).headers() });
  },
};
