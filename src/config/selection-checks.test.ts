import { expect, test } from 'vitest';
import { smallPipeline as good, pipelineSays } from './config-sample.ts';

const withSuite = (field: string) => good.replace('service: auth', () => `service: auth, ${field}`);

test.each([
  ["covers: ['auth/**', 'e2e/*.test.js', 'package.json', 'a-?.js']", 'loaded'],
  ["covers: ['/auth/**']", 'a path of the repository does not begin at the root of a disk'],
  ["covers: ['C:/auth']", 'a path of the repository does not begin at the root of a disk'],
  ["covers: ['auth/']", 'a folder by itself never changes: auth/** is all that is in it'],
  ["covers: ['../auth/**']", 'a path of the repository has no part that is empty, "." or ".."'],
  ["covers: ['a//b']", 'a path of the repository has no part that is empty, "." or ".."'],
  ["covers: ['!docs/**']", 'a glob cannot be turned round'],
  ["covers: ['src/*.{js,ts}']", 'only * ? and ** are special'],
  ["covers: ['']", 'suites.login.covers[0]'],
  ['focus: [Changed]', '"changed" selects the suites that cover what changed'],
  ["collect: { run: [pytest, --collect-only, -q], match: '^(.+::.+)$' }", 'loaded'],
  ["collect: { run: [pytest, --collect-only], count: number, match: '(\\d+) tests collected' }", 'loaded'],
  ['collect: { run: [node, list.js] }', 'loaded'],
  ['collect: { run: [node, list.js], count: number }', 'a count by number needs `match`'],
  ["collect: { run: [node, list.js], count: number, match: '\\d+' }", 'no group holds the number'],
  ["collect: { run: [node, list.js], match: '(' }", 'expected a regular expression'],
  ["collect: { run: [''] }", 'expected a program first'],
  [
    'collect: { run: [node, list.js, "{select}"] }',
    'a collection counts all tests: nothing takes the place of {select}',
  ],
  ['collect: { run: [node, "--file={item}"] }', 'a collection counts all tests: nothing takes the place of {item}'],
  ["criteria: [{ tests: ['a > b'] }, { rate: baseline, lessPermille: 20 }, { measure: p95, max: 5 }]", 'loaded'],
  ['criteria: [{ tests: one }]', 'suites.login.criteria[0].tests: expected a list, got "one"'],
  ['criteria: [{ rate: 95% }]', 'suites.login.criteria[0].rate: expected baseline, got "95%"'],
  ['criteria: [{ measure: p95 }]', 'suites.login.criteria[0].max: missing, expected a number'],
  [
    'criteria: [{ foo: 1 }]',
    'expected tests: [NAME], or rate: baseline, or measure: NAME with max: NUMBER, got a mapping',
  ],
  ['criteria: [{ tests: [a], rate: baseline }]', 'expected tests: [NAME], or rate: baseline, or measure'],
])('%s', async (field, says) => {
  const text = field.startsWith('focus') ? good.replace('focus: [auth]', field) : withSuite(field);
  expect(await pipelineSays(text)).toContain(says);
});

test('a suite that is named changed', async () => {
  expect(await pipelineSays(good.replaceAll('login', 'changed'))).toContain(
    '"changed" selects the suites that cover what changed',
  );
});
