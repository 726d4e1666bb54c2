import { expect, test } from 'vitest';
import { EnvironmentConfig } from './environment.ts';
import { checkHosts } from './host-checks.ts';
import { SuiteConfig } from './pipeline.ts';

const dependencies = EnvironmentConfig.shape.dependencies.parse({ redis: { tcp: 'redis.internal:6379' } });

function found(run: string[], more: object = {}) {
  const suite = SuiteConfig.parse({ service: 'my-api', run, report: { path: '*.xml' }, ...more });
  return checkHosts({ rules: {} }, 'one', suite, { dependencies }).map(({ path, message }) => [path.at(-1), message]);
}

test.each([
  [
    ['pytest', '--base-url', 'http://localhost:8000'],
    {},
    [[2, 'the suite points at localhost:8000: this machine, not the environment']],
  ],
  [
    ['pytest', '--base-url=https://staging.acme.dev/x'],
    {},
    [[1, 'the suite points at staging.acme.dev: not of this environment']],
  ],
  [['pytest', '--base-url', '$LOOP_URL_MY_API'], {}, []],
  [['pytest', '--redis', 'http://redis.internal:6379'], {}, []],
  [['pytest', '--base-url', 'http://localhost:8000'], { hosts: ['localhost'] }, []],
  [['pytest', '--base-url', 'http://localhost:8000'], { rules: { hosts: 'off' } }, []],
])('%j %j', (run, more, findings) => {
  expect(found(run, more)).toEqual(findings);
});
