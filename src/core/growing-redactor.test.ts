import { expect, test } from 'vitest';
import { growingRedactor } from './growing-redactor.ts';

test('what is learned is redacted from then on, beside what was known', () => {
  const redactor = growingRedactor([{ name: 'PASSWORD', value: 'hunter2-hunter2' }]);
  const text = 'hunter2-hunter2 and head.body.signature';
  expect(redactor.text(text)).toBe('[redacted:PASSWORD] and head.body.signature');
  redactor.learn({ name: 'ID_TOKEN', value: 'head.body.signature' });
  redactor.learn({ name: 'ID_TOKEN', value: 'head.body.signature' });
  expect(redactor.text(text)).toBe('[redacted:PASSWORD] and [redacted:ID_TOKEN]');
});
