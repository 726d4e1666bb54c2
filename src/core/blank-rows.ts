import type { Deployment, Health, SuiteResult, TrafficMove } from './record.ts';

/** What is not known yet of a row of the record: whoever makes one adds what it found out. */
export const blankDeployment: Omit<Deployment, 'service' | 'role' | 'decision'> = {
  revision: null,
  image: null,
  digest: null,
  digestFrom: null,
  commit: null,
  commitFrom: null,
  commitsBehind: null,
  how: null,
  rung: null,
  rungs: [],
  notProven: null,
  ageSeconds: null,
  traffic: [],
  settingsDiff: [],
  drift: [],
  transcript: null,
  failure: null,
  evidence: [],
};

export const blankHealth: Omit<Health, 'service' | 'role' | 'target' | 'ok' | 'because'> = {
  dependency: null,
  status: null,
  latencyMs: null,
  attempts: 1,
  coldMs: null,
  version: null,
  uptimeSeconds: null,
  tls: null,
  addresses: [],
  server: null,
  evidence: [],
};

export const blankMove: Omit<TrafficMove, 'at' | 'service' | 'from' | 'to' | 'why'> = {
  percent: 100,
  allocation: 'revision',
  tookMs: null,
  watch: null,
  note: null,
  verified: false,
  evidence: [],
};

/** What a suite's row holds where nothing is to be said. */
export const blankSuite: Omit<
  SuiteResult,
  | 'name'
  | 'service'
  | 'priority'
  | 'required'
  | 'verdict'
  | 'thresholdPermille'
  | 'judgedBy'
  | 'roles'
  | 'counts'
  | 'passRatePermille'
  | 'exitCode'
  | 'durationMs'
  | 'peakRssBytes'
  | 'evidence'
> = {
  targets: [],
  seenByServer: null,
  rules: [],
  invalidBecause: [],
  warnings: [],
  criteria: [],
  tests: [],
  excused: [],
  forgiven: [],
  narrowedTo: null,
  collected: null,
  hung: [],
  partial: false,
  split: null,
  comparison: null,
};
