import { expect, test } from 'vitest';
import { deployCommand } from './deploy-command.ts';

const names = {
  service: 'backend',
  cloudRun: 'chat-backend',
  project: 'p',
  region: 'r',
  commit: 'c0ffee',
  path: 'services/backend',
  tag: 'loop-c0ffee',
  image: null,
  stepKey: 'abc',
  run: 'run-1',
};
const variables = { HOME: '/home/me', CLOUDSDK_CONFIG: '/home/me/gcloud', SECRET: 'no', PATH: '/theirs' };
const made = (run: string[], pass: string[] = [], more: Partial<typeof names> = {}) =>
  deployCommand({ config: { run, pass }, names: { ...names, ...more }, path: '/bin::/usr/bin', variables });

test('names are replaced inside single words, which are never split; others stay', () => {
  const { argv } = made(['./d.sh', '--tag=$LOOP_TAG', '$LOOP_SERVICE', '$LOOP_IMAGE $HOME'], [], { service: 'a b' });
  expect(argv).toEqual(['./d.sh', '--tag=loop-c0ffee', 'a b', '$LOOP_IMAGE $HOME']);
});

test('only the user’s HOME and what is passed comes through, beside what loop tells', () => {
  expect(made(['x'], ['CLOUDSDK_CONFIG', 'NOT_SET', 'PATH', 'LOOP_COMMIT']).env).toEqual({
    HOME: '/home/me',
    CLOUDSDK_CONFIG: '/home/me/gcloud',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    PATH: '/bin:/usr/bin',
    LOOP_SERVICE: 'backend',
    LOOP_CLOUD_RUN_SERVICE: 'chat-backend',
    LOOP_PROJECT: 'p',
    LOOP_REGION: 'r',
    LOOP_COMMIT: 'c0ffee',
    LOOP_PATH: 'services/backend',
    LOOP_STEP_KEY: 'abc',
    LOOP_RUN_ID: 'run-1',
    LOOP_TAG: 'loop-c0ffee',
  });
});
