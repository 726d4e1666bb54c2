import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toolFor, tools } from './tools.js';

test('the message decides on the tool', () => {
  assert.equal(toolFor('how many words are these?'), 'word_count');
  assert.equal(toolFor('which word is the longest here?'), 'longest_word');
});

test('each tool answers with named results', () => {
  assert.deepEqual(tools.word_count('one two three'), [{ name: 'words', value: 3 }]);
  assert.deepEqual(tools.longest_word('a longest bb'), [{ name: 'longest', value: 'longest' }]);
  assert.deepEqual(tools.word_count(''), [{ name: 'words', value: 0 }]);
});
