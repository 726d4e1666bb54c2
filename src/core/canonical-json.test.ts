import { expect, test } from 'vitest';
import { canonicalJson, sha256 } from './canonical-json.ts';

test.each([
  [
    'keys are sorted at every depth',
    { b: 1, a: { d: [2, { z: 1, y: 2 }], c: null } },
    '{"a":{"c":null,"d":[2,{"y":2,"z":1}]},"b":1}',
  ],
  ['undefined keys are left out', { b: undefined, a: true }, '{"a":true}'],
  ['lists keep their order', ['b', 'a'], '["b","a"]'],
  ['text is escaped as JSON does', 'a"\n', '"a\\"\\n"'],
  ['keys sort by code unit, not by locale', { é: 1, z: 2, Z: 3 }, '{"Z":3,"z":2,"é":1}'],
])('%s', (_story, value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test.each([[Number.NaN], [undefined], [() => 1], [[undefined]], [new Date(0)], [1n]])('%s is no JSON', (value) => {
  expect(() => canonicalJson(value)).toThrow(TypeError);
});

test('the hash is that of the UTF-8 bytes', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256('é')).toBe(sha256(new TextEncoder().encode('é')));
});
