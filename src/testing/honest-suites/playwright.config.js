import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

const report = process.env.LOOP_REPORT;

export default defineConfig({
  testMatch: '*.play.js',
  outputDir: join(report, 'results'),
  retries: 2,
  workers: 1,
  reporter: [
    ['list'],
    ['json', { outputFile: join(report, 'playwright.json') }],
    ['junit', { outputFile: join(report, 'playwright.xml') }],
  ],
});
