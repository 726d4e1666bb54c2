import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './src/testing/slowest-first.ts';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    globalSetup: ['src/testing/build-once.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests start real processes; more than two files at once only makes them wait for each other.
    maxWorkers: 2,
    pool: 'forks',
    sequence: { sequencer: SlowestFirst },
  },
});
