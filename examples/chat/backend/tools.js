/** What the agent can use. A tool takes the user's message and answers with a list of results. */
export const tools = {
  word_count: (message) => [{ name: 'words', value: wordsOf(message).length }],
  longest_word: (message) => [{ name: 'longest', value: longest(wordsOf(message)) }],
};

/** Which tool answers a message. */
export function toolFor(message) {
  return /\blongest\b/i.test(message) ? 'longest_word' : 'word_count';
}

function wordsOf(message) {
  return message.match(/[\p{L}\p{N}'-]+/gu) ?? [];
}

function longest(words) {
  return words.reduce((best, word) => (word.length > best.length ? word : best), '');
}
