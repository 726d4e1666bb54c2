import { describe, expect, test } from 'vitest';
import { makeRedactor } from './redact.ts';

const token = 'p@ss/w"rd+Zü&rich=1';
const redactor = makeRedactor([
  { name: 'TOKEN', value: token },
  { name: 'LONGER', value: `${token}-and-more` },
  { name: 'PIN', value: '1234' },
  { name: 'EMPTY', value: '' },
]);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a secret is found in every form it takes', () => {
  const cases: [string, string, string][] = [
    ['as it is', `Authorization: ${token}!`, 'Authorization: [redacted:TOKEN]!'],
    ['in JSON', `{"t":${JSON.stringify(token)}}`, '{"t":"[redacted:TOKEN]"}'],
    ['in JSON inside JSON', JSON.stringify(JSON.stringify(token)), '"\\"[redacted:TOKEN]\\""'],
    ['in a URL', `/login?t=${encodeURIComponent(token)}&n=1`, '/login?t=[redacted:TOKEN]&n=1'],
    [
      'in a URL with small hex digits',
      encodeURIComponent(token).replace(/%../g, (code) => code.toLowerCase()),
      '[redacted:TOKEN]',
    ],
    ['in a form', new URLSearchParams([['t', token]]).toString(), 't=[redacted:TOKEN]'],
    ['in XML', token.replaceAll('&', '&amp;').replaceAll('"', '&quot;'), '[redacted:TOKEN]'],
    ['in base64', `Basic ${base64(token)}.`, 'Basic [redacted:TOKEN].'],
    ['in base64url', Buffer.from(token).toString('base64url'), '[redacted:TOKEN]'],
    ['twice, side by side', token + token, '[redacted:TOKEN][redacted:TOKEN]'],
    ['inside a longer secret', `${token}-and-more`, '[redacted:LONGER]'],
  ];
  test.each(cases)('%s', (_name, text, expected) => {
    expect(redactor.text(text)).toBe(expected);
  });

  test.each(['', 'u', 'us', 'use', 'user:'])('in base64 after "%s"', (before) => {
    const encoded = base64(`${before}${token}, and what follows`);
    const shown = redactor.text(encoded);
    expect(shown).toContain('[redacted:TOKEN]');
    expect(shown.length).toBeLessThan(encoded.length);
  });
});

test('a key file is recognised line by line', () => {
  const lines = [
    '-----BEGIN KEY-----',
    'MIIEvQIBADANBgkqhkiG9w0BAQ',
    'EFAASCBKcwggSjAgEAAoIBAQC7',
    '-----END KEY-----',
  ];
  const keys = makeRedactor([{ name: 'KEY', value: `${lines.join('\n')}\n` }]);
  expect(keys.text(`1: ${lines[0]}\n2: ${lines[1]}`)).toBe('1: -----BEGIN KEY-----\n2: [redacted:KEY]');
  expect(keys.text(lines.join('\n'))).toBe('[redacted:KEY]');
});

test('a short value is left alone and said, an empty one is no secret', () => {
  expect(redactor.text('1234')).toBe('1234');
  expect(redactor.problems).toEqual([
    { name: 'PIN', message: 'the value of PIN is shorter than 6 characters and is not redacted' },
  ]);
});

test('two names of one value: always the same name is shown', () => {
  const secrets = [
    { name: 'B', value: 'same-value' },
    { name: 'A', value: 'same-value' },
  ];
  expect(makeRedactor(secrets).text('same-value')).toBe('[redacted:A]');
  expect(makeRedactor(secrets.toReversed()).text('same-value')).toBe('[redacted:A]');
});

test('names of members of Object are names like any other', () => {
  expect(makeRedactor([{ name: '__proto__', value: 'constructor' }]).text('a constructor')).toBe(
    'a [redacted:__proto__]',
  );
});

describe('a stream gives what the whole text gives, wherever it is cut', () => {
  const text = `é ${token} ${token}-and-more ${token}-and-mor ${encodeURIComponent(token)} p@ss ${base64(token)} p@ss/w`;
  const bytes = Buffer.from(text);
  const expected = redactor.text(text);

  test.each([1, 2, 3, 5, 7, 16, 64, 1000])('in pieces of %i bytes', (size) => {
    const stream = redactor.stream();
    const out: Uint8Array[] = [];
    for (let from = 0; from < bytes.length; from += size) out.push(stream.write(bytes.subarray(from, from + size)));
    out.push(stream.end());
    expect(Buffer.concat(out).toString()).toBe(expected);
  });

  test('nothing is held back that cannot become a secret', () => {
    const stream = redactor.stream();
    expect(Buffer.from(stream.write(Buffer.from('listening on 8080\n'))).toString()).toBe('listening on 8080\n');
    expect(Buffer.from(stream.write(Buffer.from('token p@ss'))).toString()).toBe('token ');
    expect(Buffer.from(stream.write(Buffer.from(' through'))).toString()).toBe('p@ss through');
    expect(stream.end()).toHaveLength(0);
  });

  test('bytes that are no text pass unchanged', () => {
    const binary = Buffer.from([0, 255, 128, 195, 40, 10]);
    const stream = redactor.stream();
    expect(Buffer.concat([stream.write(binary), stream.end()])).toEqual(binary);
  });

  test('without secrets everything passes at once', () => {
    const stream = makeRedactor([]).stream();
    expect(Buffer.from(stream.write(bytes)).equals(bytes)).toBe(true);
  });
});
