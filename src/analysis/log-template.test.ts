import { expect, test } from 'vitest';
import { templateOf } from './log-template.ts';

test.each([
  ['user 3b241101-e2bb-4255-8caf-4136c566a962 left', 'user <uuid> left'],
  ['took 312.5ms, 12 of 40 rows', 'took <num>ms, <num> of <num> rows'],
  ['2025-09-16T00:42:59.910093Z boot at 12:01:02,123', '<time> boot at <time>'],
  [
    '[2025-09-16 00:42:46 +0000] [14] [ERROR] Reason: Worker failed to boot.',
    '[<time>] [<num>] [ERROR] Reason: Worker failed to boot.',
  ],
  ['from 10.1.2.3:5432 and 2001:db8:0:0:1:0:0:1', 'from <ip> and <ip>'],
  ['digest 0a1b2c3d4e5f at 0xdeadbeef', 'digest <hex> at <hex>'],
  ['block blk_-1608999687919862906 and blk_38865049064139660', 'block blk_<num> and blk_<num>'],
  ['GET /api/items/42?page=7&q=x now', 'GET /api/items/<num>?<query> now'],
  ['served by chat-backend-00042-xyz', 'served by <revision>'],
  ['mail to a.b@example.com', 'mail to <email>'],
  ['token eyJhbGciOi.eyJzdWIiOi.abc-def', 'token <jwt>'],
  ['user "alice" said \'hi there\'', 'user <str> said <str>'],
  ["No module named 'chat.events'", "No module named 'chat.events'"],
  ["KeyError: 'results'", "KeyError: 'results'"],
  ["Cannot read properties of undefined (reading 'name')", "Cannot read properties of undefined (reading 'name')"],
  ["it isn't Bob's 5th", "it isn't Bob's <num>th"],
  ['JWT=REDACTED verification failed', 'JWT=REDACTED verification failed'],
  ['key [redacted:DEMO_JWT_SECRET_2] refused', 'key [redacted:DEMO_JWT_SECRET_2] refused'],
  [
    '"GET /x HTTP/1.1" 503 in 12 ms, status: 404, Container called exit(3).',
    '<str> <num> in <num> ms, status: 404, Container called exit(3).',
  ],
  ['first line\n  second line 7', 'first line'],
  ['\n\n  \t', ''],
])('%s', (text, template) => {
  expect(templateOf(text)).toBe(template);
});

test('a template is its own template', () => {
  for (const text of ['took 3ms for <num>', 'user <str> at <time>', 'GET /a/<num>?<query>']) {
    expect(templateOf(templateOf(text))).toBe(templateOf(text));
  }
});

test.each(['"', "'a ", 'a1-', 'a:', 'a.', 'x_', '1', '[redacted:', '\n'])(
  'hostile text made of %j stays short',
  (part) => {
    expect(templateOf(part.repeat(100_000)).length).toBeLessThan(12_000);
  },
);
