/** How a cause names a test: with its suite, since ids are unique in one suite only. */
export function testKey(suite: string, id: string): string {
  return `${suite}: ${id}`;
}

/** The ids of a cause's tests in one suite. */
export function testsIn(suite: string, tests: readonly string[]): string[] {
  return tests.filter((test) => test.startsWith(`${suite}: `)).map((test) => test.slice(suite.length + 2));
}

export function suitesOf(tests: readonly string[]): string[] {
  return [...new Set(tests.map((test) => test.slice(0, test.indexOf(': '))))];
}
