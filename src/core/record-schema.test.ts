import { readFile, writeFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { blockedRecord, invalidRecord, runningRecord, sampleRecord } from '../outputs/testing/sample-record.ts';
import { recordJsonSchema } from './record-schema.ts';

const published = new URL('../../schemas/run.schema.json', import.meta.url);

test('the published schema is the one of the code', async () => {
  if (process.env.LOOP_WRITE_SCHEMA === '1') await writeFile(published, JSON.stringify(recordJsonSchema(), null, 2));
  const hint = 'run this test with LOOP_WRITE_SCHEMA=1, then `npx biome format --write schemas`';
  expect(JSON.parse(await readFile(published, 'utf8')), hint).toEqual(recordJsonSchema());
});

test.each([
  ['NO-GO', sampleRecord()],
  ['INVALID', invalidRecord()],
  ['BLOCKED', blockedRecord()],
  ['running', runningRecord()],
])('a record validates: %s', async (_story, record) => {
  const validate = await validator();
  expect(validate(JSON.parse(JSON.stringify(record))), JSON.stringify(validate.errors)).toBe(true);
});

test.each([
  ['a verdict of another word', { verdict: { ...sampleRecord().verdict, value: 'PARTIAL' } }],
  ['a field that nobody declared', { mood: 'good' }],
  ['a time with an offset', { run: { ...sampleRecord().run, startedAt: '2026-11-20T21:08:01+02:00' } }],
])('a record is refused: %s', async (_story, change) => {
  const validate = await validator();
  expect(validate({ ...sampleRecord(), ...change })).toBe(false);
});

async function validator() {
  const ajv = new Ajv2020({ strict: true, allErrors: true, formats: { 'date-time': true } });
  return ajv.compile(JSON.parse(await readFile(published, 'utf8')));
}
