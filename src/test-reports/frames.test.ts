import { expect, test } from 'vitest';
import { parseFrames } from './frames.ts';

const root = '/srv/app';
const place = (file: string, line: number, column?: number, name?: string) => ({
  file,
  line,
  ...(column === undefined ? {} : { column }),
  ...(name === undefined ? {} : { function: name }),
});

test.each([
  ['V8', '    at send (file:///srv/app/e2e/a.test.js:10:5)', place('e2e/a.test.js', 10, 5, 'send')],
  ['V8, anonymous', '    at async file:///srv/app/a.js:1:2', place('a.js', 1, 2)],
  [
    'V8, before a detail block',
    '    at Test.<anonymous> (/srv/app/a.js:4:33) {',
    place('a.js', 4, 33, 'Test.<anonymous>'),
  ],
  ['V8, a space in the path', '    at f (file:///srv/app/my%20dir/a.js:4:3)', place('my dir/a.js', 4, 3, 'f')],
  [
    'jest, relative',
    '    at Object.<anonymous> (src/sum.test.js:5:19)',
    place('src/sum.test.js', 5, 19, 'Object.<anonymous>'),
  ],
  ['vitest', ' ❯ src/sum.test.ts:5:19', place('src/sum.test.ts', 5, 19)],
  ['vitest, named', ' ❯ Module.add src/sum.ts:2:9', place('src/sum.ts', 2, 9, 'Module.add')],
  ['Python', '  File "/srv/app/tests/x.py", line 3, in f', place('tests/x.py', 3, undefined, 'f')],
  ['pytest', 'tests/test_x.py:52: in test_url', place('tests/test_x.py', 52, undefined, 'test_url')],
  ['pytest on Windows', 'tests\\test_x.py:52: AssertionError', place('tests/test_x.py', 52)],
  [
    'the JVM',
    '\tat com.acme.shop.Cart.add(Cart.java:12)',
    place('com/acme/shop/Cart.java', 12, undefined, 'com.acme.shop.Cart.add'),
  ],
  ['Go', '    cart_test.go:12: expected 3, got 4', place('cart_test.go', 12)],
  ['Go panic', '\t/srv/app/cart.go:7 +0x1d', place('cart.go', 7)],
  ['a compiler', 'tests/main.cpp:58: error: check_eq(1, 2)', place('tests/main.cpp', 58)],
])('%s', (_name, line, expected) => {
  expect(parseFrames(`Error: boom\n${line}\n`, root)).toEqual([expected]);
});

test.each([
  ['the runtime', '    at Test.run (node:internal/test_runner/test:796:25)'],
  ['native code', '    at java.base/Method.invoke(Native Method)'],
  ['another folder', '    at f (file:///etc/passwd:1:1)'],
  ['a way out', '    at f (../../../etc/passwd:1:1)'],
  ['a way out by a detour', '    at f (/srv/app/../../etc/x.js:1:1)'],
  ['another machine', '    at f (C:\\Windows\\x.js:1:1)'],
  ['a network share', '    at f (\\\\host\\share\\x.js:1:1)'],
  ['a broken URL', '    at f (file://%zz/x.js:1:1)'],
  ['a NUL', '    at f (/srv/app/a\u0000.js:1:1)'],
  ['a sentence', 'we met at 10:30 in the (usual: place)'],
])('no frame: %s', (_name, line) => {
  expect(parseFrames(line, root)).toEqual([]);
});

test('a stack of hostile length is read up to a limit', () => {
  const deep = '    at f (/srv/app/a.js:1:1)\n'.repeat(100_000);
  expect(parseFrames(deep, root)).toHaveLength(50);
  expect(parseFrames(`at ${'('.repeat(1_000_000)}`, root)).toEqual([]);
});
