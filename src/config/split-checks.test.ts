import { expect, test } from 'vitest';
import { pipelineSays, smallPipeline } from './config-sample.ts';

const select = 'select: { words: ["--test-name-pattern=^{test}$"] }';
const split = 'split: { items: ["e2e/*.test.js"] }';

/** The sample's suite with another command and more fields. */
function suite(run: string, ...more: readonly string[]): string {
  return smallPipeline.replace('run: [node, --test]', [`run: ${run}`, ...more].join(', '));
}

test.each([
  ['both, and fine', suite('[node, --test, "{select}", "{item}"]', select, split)],
  ['a piece in a word', suite('[node, "--file={item}"]', split)],
  ['select without its word', suite('[node, --test]', select)],
  ['the word without select', suite('[node, --test, "{select}"]')],
  ['the word in another', suite('[node, "--only={select}"]', select)],
  ['the word as the program', suite('["{select}"]', select)],
  ['no test in the words', suite('[node, "{select}"]', 'select: { words: [--only] }')],
  ['both kinds of words', suite('[node, "{select}"]', 'select: { words: ["{test}", "{tests}"] }')],
  ['split without its word', suite('[node, --test]', split)],
  ['the piece without split', suite('[node, "{item}"]')],
  ['the piece as the program', suite('["{item}"]', split)],
  ['a glob that leaves the folder', suite('[node, "{item}"]', 'split: { items: ["a/*.js", "../other/*.js"] }')],
  ['an absolute glob', suite('[node, "{item}"]', 'split: { items: ["/etc/*"] }')],
  ['a set of characters', suite('[node, "{item}"]', 'split: { items: ["e2e/[ab]*.js"] }')],
  ['a shell that reads them', suite('node --test $LOOP_ITEM $LOOP_SELECT', 'shell: true', select, split)],
  ['a shell that reads none', suite('node --test', 'shell: true', select, split)],
  [
    'a shell with words in its text',
    suite('"node --test {select} {item} $LOOP_SELECT $LOOP_ITEM"', 'shell: true', select, split),
  ],
])('%s', async (_story, content) => {
  expect(await pipelineSays(content)).toMatchSnapshot();
});
