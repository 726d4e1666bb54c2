import { expect, test } from 'vitest';
import { joinSections, sectionsOf, withoutTitles } from './split-output.ts';

const texts = ['one\ntwo\n', '', 'no end of line', '---- attempt ffffffff, piece 9 of 9: "theirs"\n'];

test('what is joined comes apart again, whatever a piece prints', () => {
  const output = joinSections(
    texts.map((text, n) => ({ title: `e2e/${n}\n.js`, text })),
    '1a2b3c4d',
  );
  expect(output.split('\n')[0]).toBe('---- attempt 1a2b3c4d, piece 1 of 4: "e2e/0\\n.js"');
  expect(sectionsOf(output, '1a2b3c4d').map((text) => text.trimEnd())).toEqual(texts.map((text) => text.trimEnd()));
  const plain = withoutTitles(output, '1a2b3c4d').split('\n');
  expect(plain).toHaveLength(output.split('\n').length);
  expect(plain.filter((line) => line !== '')).toEqual(['one', 'two', 'no end of line', texts[3]?.trimEnd()]);
});
