import { expect, test } from 'vitest';
import { compareEvents } from './event-differences.ts';
import { logEntry } from './log-entry.sample.ts';

let entries = 0;
const sent = (type: string, keys: string[], more = {}) => {
  entries += 1;
  return logEntry({
    insertId: `e${entries}`,
    at: `2025-09-16T00:00:${10 + entries}Z`,
    json: { message: 'event sent', event: { type, keys }, ...more },
  });
};

test('an event that lost a field and gained one is told with an entry of each side', () => {
  const reference = [
    sent('ready', ['type']),
    sent('tool_executing', ['type', 'run_id', 'tool_name']),
    sent('tool_executing', ['tool_name', 'run_id', 'type']),
  ];
  const candidate = [sent('ready', ['type']), sent('tool_executing', ['type', 'run_id', 'payload'])];
  const differences = compareEvents({ candidate, reference });
  expect(differences).toEqual([
    {
      what: 'event sent, event.type=tool_executing: event.keys tool_name gone, payload new',
      service: 'chat-backend',
      gone: ['tool_name'],
      added: ['payload'],
      candidateInsertId: candidate[1]?.insertId,
      referenceInsertId: reference[1]?.insertId,
      candidateSample: '{"message":"event sent","event":{"type":"tool_executing","keys":["type","run_id","payload"]}}',
      referenceSample:
        '{"message":"event sent","event":{"type":"tool_executing","keys":["type","run_id","tool_name"]}}',
    },
  ]);
  expect(compareEvents({ candidate: [...candidate].reverse(), reference: [...reference].reverse() })).toEqual(
    differences,
  );
});

test.each([
  ['a field that comes and goes', [sent('a', ['x', 'y'])], [sent('a', ['x']), sent('a', ['x', 'y'])], []],
  ['an event that only one side has', [sent('b', ['x'])], [sent('a', ['y'])], []],
  ['another service', [{ ...sent('a', ['x']), service: 'chat-auth' }], [sent('a', ['y'])], []],
  [
    'a field of the entry itself',
    [sent('a', ['x'])],
    [sent('a', ['x'], { user: 1 })],
    ['event sent: fields user gone'],
  ],
  [
    'an id beside the list is no kind of event',
    [byId('11111111')],
    [byId('22222222')],
    ['done: run.keys y gone, x new'],
  ],
  ['entries without JSON', [logEntry({ text: 'x' })], [logEntry({ text: 'y' })], []],
])('%s', (_story, candidate, reference, whats) => {
  expect(compareEvents({ candidate, reference }).map(({ what }) => what)).toEqual(whats);
});

function byId(id: string) {
  return logEntry({
    insertId: id,
    json: { message: 'done', run: { id: `5f0c${id}abcd`, keys: id.startsWith('1') ? ['x'] : ['y'] } },
  });
}
