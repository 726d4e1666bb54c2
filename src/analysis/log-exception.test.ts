import { expect, test } from 'vitest';
import { exceptionOf } from './log-exception.ts';

const chained = `Traceback (most recent call last):
  File "/app/setup.py", line 852, in add
ModuleNotFoundError: No module named 'chat.events'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
RuntimeError: Failed to set up`;

test.each([
  ['a chain in Python prints the cause first', chained, 'ModuleNotFoundError', "No module named 'chat.events'"],
  [
    'a dotted class without "Error"',
    'Traceback (most recent call last):\n  x\njose.exceptions.ClaimsInvalid: bad\n',
    'ClaimsInvalid',
    'bad',
  ],
  [
    'a class without a message',
    'Traceback (most recent call last):\n  x\nKeyboardInterrupt\n',
    'KeyboardInterrupt',
    '',
  ],
  [
    'a chain in Java prints the cause last',
    'a.WrapException: w\n\tat x\nCaused by: b.C: c\nCaused by: d.e.IoException: f',
    'IoException',
    'f',
  ],
  ['a chain in Node nests it', 'Error: outer\n    at x {\n  [cause]: TypeError: inner\n', 'TypeError', 'inner'],
  [
    'a code in brackets',
    'AssertionError [ERR_ASSERTION]: tool_executing has no tool_name',
    'AssertionError',
    'tool_executing has no tool_name',
  ],
  ['in running text', 'setup failed: ModuleNotFoundError: gone', 'ModuleNotFoundError', 'gone'],
  ['plain Error', 'Uncaught Error: boom', 'Error', 'boom'],
  ['Go', 'panic: nil map\n\ngoroutine 1', 'panic', 'nil map'],
])('%s', (_story, text, className, message) => {
  expect(exceptionOf(text)).toEqual({ className, message });
});

test.each([['all is well'], ['0 errors: fine'], ['Error Validator loaded']])('no exception in: %s', (text) => {
  expect(exceptionOf(text)).toBeNull();
});
