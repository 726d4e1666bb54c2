import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { smallPipeline } from './config-sample.ts';
import { PipelineConfig } from './pipeline.ts';
import { thresholdsSha256 } from './thresholds.ts';

const hash = (text: string) => thresholdsSha256(PipelineConfig.parse(parse(text)));
const base = hash(smallPipeline);

test.each([
  ["a priority's gate", `${smallPipeline}gates: { P3: 80% }\n`],
  ["a phase's gate", smallPipeline.replace('name: all-of-it', 'name: all-of-it, gate: 80%')],
  ["a suite's own gate", smallPipeline.replace('service: auth', 'service: auth, gate: 80%')],
  ["a suite's priority", smallPipeline.replace('service: auth', 'service: auth, priority: P1')],
  ['whether it is required', smallPipeline.replace('service: auth', 'service: auth, require: false')],
  ['the floor of its tests', smallPipeline.replace('service: auth', 'service: auth, testsMin: 2')],
  ['whether a pass after a red attempt counts', smallPipeline.replace("'*.xml' }", "'*.xml', retries: same-name }")],
  ['the budget for flaky tests', `${smallPipeline}flakyBudget: { tests: 3 }\n`],
  ["the control's repeats", `${smallPipeline}control: { repeats: 5 }\n`],
  ['what a promotion is watched for', `${smallPipeline}traffic: { errorRateMax: 5% }\n`],
])('the hash changes with %s', (_story, text) => {
  expect(hash(text)).not.toBe(base);
});

test.each([
  ['a default that is written out', `${smallPipeline}gates: { P3: 90% }\n`],
  ['a label', `${smallPipeline}publish: { labels: [other] }\n`],
  ['a focus word', smallPipeline.replace('[auth]', '[auth, login]')],
])('the hash does not change with %s', (_story, text) => {
  expect(hash(text)).toBe(base);
});
