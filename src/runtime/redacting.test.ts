import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LoopEventRecord, Progress } from '../core/events.ts';
import type { RunRecord } from '../core/record.ts';
import { makeRedactor } from '../core/redact.ts';
import { openSampleStore, sampleAt, sampleRun } from '../testing/store-sample.ts';
import { redactingOutput, redactingStore } from './redacting.ts';

/** A value with all that JSON must escape. */
const secret = 'p"w\\d-9x\né';
const { text: redact } = makeRedactor([{ name: 'TOKEN', value: secret }]);
const note: LoopEventRecord = { type: 'note', stage: 'testing', what: `sent ${secret}` };
const clean = { ...note, what: 'sent [redacted:TOKEN]' };

let sample: Awaited<ReturnType<typeof openSampleStore>>;
beforeEach(async () => {
  sample = await openSampleStore();
});
afterEach(() => sample.remove());

test('no secret reaches the store: not in a result, the snapshot, the record or an event', async () => {
  const run = sampleRun('run-a');
  await sample.store.create(run, sampleAt);
  const store = redactingStore(sample.store, redact);
  const stored = await store.commit({
    run: run.id,
    lease: null,
    at: sampleAt,
    step: { key: 'k', state: 'done', inputSha256: 'x' },
    result: () => ({ seen: secret }),
    snapshot: { context: { broken: { message: `401 for ${secret}` } } },
    record: { ...run.record, run: { ...run.record.run, command: `loop --ref ${secret}` } },
    events: { key: 'k', list: [note] },
  });
  expect(stored.result).toEqual({ seen: '[redacted:TOKEN]' });
  expect((await sample.store.step(run.id, 'k'))?.result).toEqual({ seen: '[redacted:TOKEN]' });
  const { record, snapshot } = (await sample.store.read(run.id)) ?? run;
  expect(record.run.command).toBe('loop --ref [redacted:TOKEN]');
  expect(snapshot).toEqual({ context: { broken: { message: '401 for [redacted:TOKEN]' } } });
  expect((await sample.store.events(run.id)).map(({ event }) => event)).toEqual([clean]);
});

test('no secret is shown: not in an event, a live line or the record', async () => {
  const shown: (LoopEventRecord | Progress | RunRecord)[] = [];
  const plainOutput = {
    event: (_at: string, event: LoopEventRecord) => shown.push(event),
    progress: (progress: Progress) => shown.push(progress),
    record: async (record: RunRecord) => void shown.push(record),
  };
  const output = redactingOutput(plainOutput, redact);
  const { record } = sampleRun('run-a');
  output.event(sampleAt, note);
  output.progress?.({ stage: 'testing', text: secret });
  await output.record?.({ ...record, overrides: [secret] });
  expect(shown).toEqual([
    clean,
    { stage: 'testing', text: '[redacted:TOKEN]' },
    { ...record, overrides: ['[redacted:TOKEN]'] },
  ]);
});
