import { expect, test } from 'vitest';
import { health as row } from '../../core/judged-sample.ts';
import type { Health } from '../../core/record.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { health } from './health.ts';

const shown = (...rows: Health[]) =>
  health({ ...sampleRecord(), health: rows }, (ids) => ids.map((id) => `[${id}]`).join(' '));
const headOf = (text: string) => text.split('\n')[0]?.replaceAll(/ +/g, ' ');

test('columns that nobody has are left out', () => {
  expect(headOf(shown(row('auth', 'stable', true)))).toBe(
    '| service | role | endpoint | status | healthy | evidence |',
  );
});

test('everything that was measured has its column, and a failure is told in full below', () => {
  const text = shown({
    ...row('auth', 'stable', false),
    target: 'GET /health',
    latencyMs: { p50: 12.4, p95: 80.6, n: 5 },
    coldMs: 950,
    tls: { name: 'auth.example', expiresAt: '2027-01-01T00:00:00Z', daysLeft: 41 },
    version: { told: 'auth-1', expected: 'auth-2', matches: false },
    uptimeSeconds: 179,
    because: 'it says it runs auth-1, expected auth-2',
    evidence: ['E8'],
  });
  const cells = [
    '12 / 81 ms (5)',
    '950 ms',
    'auth.example, 41 days left',
    '**not** `auth-2`: `auth-1`',
    '179 s',
    '**no**',
    '[E8]',
  ];
  for (const cell of cells) expect(text).toContain(cell);
  expect(text).toMatch(/^- \*\*auth \(stable\), GET \/health:\*\* it says it runs auth-1, expected auth-2 \[E8\]$/m);
});

test('dependencies have a table of their own; text of others is inert', () => {
  const told = { ...row('backend', 'candidate', false), dependency: 'redis', because: '<b>down</b> | #1' };
  const itself = { ...row('db', 'stable', true), dependency: 'db', target: 'TCP db:5432' };
  const text = shown(told, itself);
  expect(text).toContain('Dependencies:');
  expect(text).toMatch(/\| redis +\| backend +\| candidate/);
  expect(text).toMatch(/\| db +\| - +\| - +\| TCP db:5432/);
  expect(text).not.toContain('<b>');
});
