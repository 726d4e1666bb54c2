import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventView } from './event-view.js';

test('each event of a run has a text that names what it carries', () => {
  const table = [
    [{ type: 'agent_started', message: 'hello' }, 'hello'],
    [{ type: 'agent_thinking', thought: 'hmm' }, 'hmm'],
    [{ type: 'tool_executing', tool_name: 'word_count' }, 'word_count'],
    [{ type: 'tool_completed', tool_name: 'word_count', results: [{ name: 'words', value: 3 }] }, 'words 3'],
    [{ type: 'agent_completed', final_response: 'words: 3' }, 'words: 3'],
  ];
  for (const [event, part] of table) {
    assert.equal(eventView(event).failed, false, event.type);
    assert.ok(eventView(event).text.includes(part), event.type);
  }
});

test('a field that is not there is said, and an unknown event too', () => {
  assert.deepEqual(eventView({ type: 'tool_executing' }), { text: 'Running (missing)', failed: true });
  assert.equal(eventView({ type: 'surprise' }).failed, true);
});
