import { expect, test } from 'vitest';
import { failureLine, failureNames, failureSkeleton } from './failure-words.ts';

test.each([
  [
    'tool_executing has no tool_name (keys: type, run_id, payload)',
    ['tool_name'],
    ['tool_executing', 'tool_name', 'run_id'],
    ['type', 'run_id', 'payload'],
  ],
  ['tool_completed has no results (keys: type)', ['results'], ['tool_completed'], ['type']],
  ["TypeError: Cannot read properties of undefined (reading 'toolName')", ['toolName'], ['toolName'], []],
  ["KeyError: 'final_response'", ['final_response'], ['final_response'], []],
  ['final_response is missing', ['final_response'], ['final_response'], []],
  ['no such file, no more data', [], [], []],
  ['AssertionError [ERR_ASSERTION]: deepStrictEqual failed\n    at runAgent (backend/agent.js:3:1)', [], [], []],
])('%s', (message, missing, names, listed) => {
  expect(failureNames(message)).toEqual({ missing, names, listed });
});

test.each([
  [
    'Expected values to be strictly equal:\n\n502 !== 200\n',
    'Expected values to be strictly equal: 502 !== 200',
    'Expected values to be strictly equal: <num> !== <num> [502 200]',
  ],
  ['boom:\n    at x (a.js:1:1)', 'boom:', 'boom:'],
  ['', '', ''],
  ['timeout after 1500 ms', 'timeout after 1500 ms', 'timeout after <num> ms'],
])('the line of %j', (message, line, skeleton) => {
  expect(failureLine(message)).toBe(line);
  expect(failureSkeleton(message)).toBe(skeleton);
});
