import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../refusal.ts';
import { makeXmlScanner } from './xml-scanner.ts';

let rawAngles = 0;

/** What stands in a document, or that it was refused. */
function ours(text: string, step: number): string {
  const said: string[] = [];
  const scanner = makeXmlScanner(
    {
      open: (name, attributes) => void said.push(`<${name} ${JSON.stringify(Object.entries(attributes))}>`),
      close: () => void said.push('</>'),
      text: (value) => void said.push(value),
      comment: (value) => void said.push(`<!--${value}-->`),
    },
    { attributes: 256, tokenChars: 1 << 24 },
    () => {
      rawAngles += 1;
    },
  );
  try {
    for (let at = 0; at < text.length; at += step) scanner.write(Buffer.from(text.slice(at, at + step)));
    scanner.close();
  } catch (error) {
    if (error instanceof Refusal || /^\d+:-?\d+: /.test(String((error as Error).message))) return 'refused';
    throw error;
  }
  return said.join('');
}

/** The same by saxes, which is slower and was written by people who know XML. */
function theirs(text: string): string {
  const said: string[] = [];
  const parser = new SaxesParser({ xmlns: false, fragment: false });
  parser.on('doctype', () => {
    throw new Error('doctype');
  });
  parser.on('opentag', (tag) => void said.push(`<${tag.name} ${JSON.stringify(Object.entries(tag.attributes))}>`));
  let depth = 0;
  parser.on('closetag', () => {
    depth -= 1;
    said.push('</>');
  });
  parser.on('opentagstart', () => {
    depth += 1;
  });
  parser.on('text', (value) => void (depth > 0 && said.push(value)));
  parser.on('cdata', (value) => void said.push(value));
  parser.on('comment', (value) => void said.push(`<!--${value}-->`));
  try {
    parser.write(text).close();
  } catch {
    return 'refused';
  }
  return said.join('').trim();
}

const documents = [
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<!-- a --><?pi x?>\n<a b="1" c=\'2 "x"\' d:e="&lt;&#65;&#x42;">t&amp;u<b/><![CDATA[<x>]]]]><c >\r\ny\r</c ></a>\n<!-- end -->\n',
  '<größe ñ="é\tz\n&#10;"><x.-1/>]] ></größe>',
  '<a><b name="1 > 0"/><b name="it\'s"/></a>',
  '<testsuite name="s" tests="1"><testcase name="a" time="0.1"><failure message="x &quot;y&quot;">no</failure></testcase></testsuite>',
];

const pieces = [
  '<',
  '>',
  '&',
  ';',
  '"',
  "'",
  '/',
  '=',
  '!',
  '-',
  '--',
  ']',
  ']]>',
  '?',
  ' ',
  '\n',
  'a',
  '<b>',
  '</a>',
  '<!--',
  '-->',
  '<![CDATA[',
  '&lt;',
  '&x;',
  '&#0;',
  '&#xD800;',
  '<?xml version="1.0"?>',
  '<!DOCTYPE a>',
  '\u00e9',
  '0',
  ':',
];

describe('the XML scanner says what saxes says', () => {
  test.each(documents)('%j', (text) => {
    expect(ours(text, text.length)).not.toBe('refused');
    for (const step of [text.length, 1, 3, 7]) expect(ours(text, step).trim()).toBe(theirs(text));
  });

  test('of 20,000 damaged documents too, whatever the chunks, but for "<" in a value', () => {
    let seed = 1;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * below);
    };
    const refused = { ours: 0, theirs: 0 };
    for (let n = 0; n < 20_000; n += 1) {
      let text = documents[random(documents.length)] ?? '';
      for (let damage = random(2); damage >= 0; damage -= 1) {
        const at = random(text.length);
        text =
          text.slice(0, at) +
          (random(3) === 0 ? '' : (pieces[random(pieces.length)] ?? '')) +
          text.slice(at + random(4));
      }
      const before = rawAngles;
      const [left, right] = [ours(text, 1 + random(40)).trim(), theirs(text)];
      if (rawAngles > before) {
        expect(right).toBe('refused');
        continue;
      }
      if (left === 'refused') refused.ours += 1;
      if (right === 'refused') refused.theirs += 1;
      if (left !== right) expect([text, left]).toEqual([text, right]);
    }
    expect(refused.ours).toBe(refused.theirs);
    expect(refused.ours).toBeGreaterThan(5_000);
    expect(rawAngles).toBeGreaterThan(100);
  });
});
