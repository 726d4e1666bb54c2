import { describe, expect, test } from 'vitest';
import { makeProblemList } from '../problem-list.ts';
import { Refusal } from '../refusal.ts';
import { type JsonPicker, pickJson } from './json-picker.ts';
import { makeJsonScanner } from './json-scanner.ts';
import type { JsonValue } from './json-value.ts';

function read(
  text: string,
  step = text.length,
  picker: Partial<JsonPicker> = {},
): { value?: JsonValue; refused?: string; problems: string[] } {
  const problems = makeProblemList(10);
  let value: JsonValue | undefined;
  const whole: JsonPicker = {
    choose: () => 'take',
    take: (_, taken) => {
      value = taken;
    },
    ...picker,
  };
  const scanner = makeJsonScanner(pickJson(whole, problems), { depthMax: 50, textCharsMax: 1_000 });
  const said = () => problems.all().map(({ code }) => code);
  try {
    for (let at = 0; at < text.length; at += Math.max(1, step)) scanner.write(text.slice(at, at + Math.max(1, step)));
    scanner.end();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: error.failure.reason, problems: said() };
  }
  return { ...(value === undefined ? {} : { value }), problems: said() };
}

const good = [
  '{}',
  '[]',
  'null',
  '-0.5e+3',
  '0',
  '"a\\u00e9\\n\\/"',
  '{"a":[1,{"b":"c"},[],true,false,null],"":""}',
  ' [ 1 , 2 ]\n',
  '"\u{1F600}"',
  '"\\ud800"',
];
const bad = [
  '',
  '{',
  '[1,]',
  '{"a":1,}',
  '{a:1}',
  "['a']",
  '01',
  '1.',
  '.5',
  '+1',
  'tru',
  '"\n"',
  '"\\x"',
  '"\\u12g4"',
  '[1 2]',
  '{"a" 1}',
  '{"a"}',
  '}',
  '[1]]',
  '{} {}',
  '// x\n1',
  '"a',
  'nul',
  '1e',
  '-',
  '\u00a01',
  '[,1]',
  '{,}',
  '\u0000',
];

describe('the JSON scanner', () => {
  test.each(good)('reads %j as JSON.parse does, whatever the chunks', (text) => {
    const plain = (value: JsonValue | undefined) => JSON.stringify(value);
    for (const step of [text.length, 1, 3]) expect(plain(read(text, step).value)).toBe(plain(JSON.parse(text)));
  });

  test.each(bad)('refuses %j as JSON.parse does', (text) => {
    expect(() => JSON.parse(text)).toThrow();
    for (const step of [text.length, 1]) expect(read(text, step).refused).toBeTypeOf('string');
  });

  test('random damage: never a different value than JSON.parse, never a crash', () => {
    const text = '{"suites":[{"title":"a\\"b","n":-1.5e2,"x":[true,null,"\\u0041"]}],"k":{}}';
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    for (let n = 0; n < 3_000; n += 1) {
      const at = random(text.length);
      const damaged = text.slice(0, at) + '{}[]",:\\e1n '[random(12)] + text.slice(at + random(3));
      const ours = read(damaged, 1 + random(9));
      let theirs: string | undefined;
      try {
        theirs = JSON.stringify(JSON.parse(damaged));
      } catch {
        theirs = undefined;
      }
      if (theirs === undefined) expect([damaged, ours.refused]).toEqual([damaged, expect.any(String)]);
      else expect([damaged, JSON.stringify(ours.value)]).toEqual([damaged, theirs]);
    }
  });

  test('what it refuses has a place and a reason', () => {
    expect(read('{}{}').refused).toBe('two-roots');
    expect(read('{"a":').refused).toBe('truncated');
    expect(read('{\n<<<<<<< ours\n').refused).toBe('conflict-markers');
    expect(read('['.repeat(51)).refused).toBe('too-large');
    expect(read(`"${'x'.repeat(1_001)}"`).refused).toBe('too-large');
  });

  test('__proto__ is a key, a key that stands twice is a doubt', () => {
    const { value, problems } = read('{"__proto__":{"polluted":1},"a":1,"a":2}');
    expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":1},"a":2}');
    expect('polluted' in {}).toBe(false);
    expect(problems).toEqual(['duplicate-key']);
  });

  test('what is not wanted is checked and not kept', () => {
    const taken: string[] = [];
    const picker: JsonPicker = {
      choose: (path) =>
        path.length === 0 || path.join('.') === 'list' ? 'enter' : path[0] === 'list' ? 'take' : 'skip',
      take: (path, value) => void taken.push(`${path.join('.')}=${JSON.stringify(value)}`),
      leave: (path) => void taken.push(`end ${path.join('.')}`),
      drop: new Set(['body']),
    };
    const long = 'x'.repeat(5_000);
    read(
      `{"big":"${long}","deep":{"list":[1]},"list":[{"body":"${long}","n":1},"two",{"body":[[{}]],"n":3}]}`,
      11,
      picker,
    );
    expect(taken).toEqual(['list.0={"n":1}', 'list.1="two"', 'list.2={"n":3}', 'end list', 'end ']);
  });
});
