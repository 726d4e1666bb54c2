import { expect, test } from 'vitest';
import { candidate } from '../../core/judged-sample.ts';
import { sampleRun } from '../../testing/store-sample.ts';
import { bareCause } from '../diagnosing/bare-cause.ts';
import { issueBody } from './issue-body.ts';

test('the issue of a candidate that ended quotes its last entries', () => {
  const lastEntries = ['missing environment {"missing":["AUTH_URL"]}', 'Container called exit(3).'];
  const boot = {
    class: 'exit' as const,
    what: 'it exited by itself',
    exitCode: 3,
    boots: 1,
    lastEntries,
    evidence: [],
  };
  const backend = { ...candidate('backend'), failure: { code: 'not-started', message: 'PORT', boot } };
  const { record } = sampleRun('run-a');
  const cause = { ...bareCause('f', 'config', 'backend does not come up'), services: ['backend'] };
  expect(issueBody(cause, { ...record, deployments: [backend] })).toContain(
    `## What \`backend\` told before it ended\n\nit exited by itself (exit code 3, 1 boot):\n\n\`\`\`\n${lastEntries.join('\n')}\n\`\`\``,
  );
});
