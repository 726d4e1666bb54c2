import { expect, test } from 'vitest';
import { type KnownTests, namedTests } from './named-tests.ts';

const known: readonly KnownTests[] = [
  { suite: 'auth', ran: ['login > refuses a wrong password', 'login > refuses', 'Ä test'], listed: ['refuses nobody'] },
  { suite: 'chat', ran: [], listed: ['tests/test_chat.py::test_refuses'] },
  { suite: 'page', ran: ['shows  the page', '__proto__'], listed: [] },
];

test.each<[story: string, text: string, Record<string, string[]>]>([
  ['exactly that name, though it is a part of others', 'refuses', { auth: ['login > refuses'] }],
  ['the whole id', 'LOGIN > refuses', { auth: ['login > refuses'] }],
  ['a part, whatever the case', 'Wrong Pass', { auth: ['login > refuses a wrong password'] }],
  ['a part of the suite path', 'login', { auth: ['login > refuses a wrong password', 'login > refuses'] }],
  ['what was only listed', 'test_refuses', { chat: ['tests/test_chat.py::test_refuses'] }],
  [
    'in several suites',
    'efuse',
    { auth: ['login > refuses a wrong password', 'login > refuses'], chat: ['tests/test_chat.py::test_refuses'] },
  ],
  ['white space does not matter', 'shows the page', { page: ['shows  the page'] }],
  ['letters beyond ASCII', 'ä TEST', { auth: ['Ä test'] }],
  ['a word too short for a part', 'a', {}],
  ['no name at all', 'nonsense', {}],
  ['no regular expression', 're.uses', {}],
  ['a name that objects have', '__proto__', { page: ['__proto__'] }],
  ['a name that objects have and no test', 'constructor', {}],
])('%s', (_story, text, expected) => {
  const { suites } = namedTests(text, known);
  expect(Object.fromEntries(Object.entries(suites).map(([suite, { tests }]) => [suite, tests]))).toEqual(expected);
});

test.each([
  ['refsues', 'refuses'],
  ['passwrod', 'password'],
  ['refuses a wrong pasword', 'refuses a wrong password'],
  ['nonsense', null],
  ['refuses', null],
])('nearest to %s: %s', (text, near) => {
  expect(namedTests(text, known).near).toBe(near);
});

test('more tests than can be named are counted', () => {
  const ran = Array.from({ length: 1_200 }, (_, n) => `sends event ${n}`);
  const hit = namedTests('sends event', [{ suite: 'chat', ran, listed: [] }]).suites.chat;
  expect([hit?.tests.length, hit?.more]).toEqual([500, 700]);
});
