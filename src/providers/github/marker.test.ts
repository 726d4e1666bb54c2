import { describe, expect, test } from 'vitest';
import { readMarker, saysAlready, withMarker } from './marker.ts';

describe('the hidden marker', () => {
  test.each([
    ['ours', withMarker('Text\n\n', 'cause/ab12/1'), { key: 'cause/ab12/1', text: 'Text' }],
    [
      'ours behind a quoted one',
      withMarker('<!-- loop:key=x -->', 'mine'),
      { key: 'mine', text: '<!-- loop:key=x -->' },
    ],
    ['after GitHub’s editor', withMarker('a\nb', 'k').replaceAll('\n', '\r\n'), { key: 'k', text: 'a\nb' }],
    ['with a person’s words behind it', `${withMarker('a', 'k')}\nseen`, { key: 'k', text: 'a\nseen' }],
    ['none', 'Text', null],
    ['not a key', '<!-- loop:key=a b -->', null],
  ])('%s', (_story, body, expected) => {
    expect(readMarker(body)).toEqual(expected);
  });

  test('a key that could end the comment is a bug', () => {
    expect(() => withMarker('x', 'a --> b')).toThrow('not a key');
  });

  test('a long text is cut with a sentence, no character in two, and still counts as said', () => {
    const long = `${'x'.repeat(64_910)}${'😀'.repeat(100)}`;
    const body = withMarker(long, 'k');
    expect(body.length).toBeLessThan(65_536);
    expect(body).toContain('The rest is left out');
    expect(() => encodeURIComponent(body)).not.toThrow();
    const there = readMarker(body)?.text ?? '';
    expect(saysAlready(there, long)).toBe(true);
    expect(saysAlready(there, `y${long}`)).toBe(false);
  });
});
