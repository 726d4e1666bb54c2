import { expect, test } from 'vitest';
import { optionsWith } from '../../core/machine-story.ts';
import { missingServices } from './missing-services.ts';

const services = {
  auth: { cloudRun: 'chat-auth', candidate: 'tag' },
  backend: { cloudRun: 'chat-x', candidate: 'tag' },
  frontend: { cloudRun: 'chat-frontend', candidate: 'none' },
};
const environment = { project: 'demo', region: 'local', services };
const there = new Set(['chat-frontend', 'chat-auth']);
const sentence = 'chat-x is not on the platform in demo/local: services there: chat-auth, chat-frontend';

// [story, needed, there, options, how, what is said]
test.each<[string, string[], Set<string>, object, string, string[]]>([
  ['all are there', ['auth', 'frontend'], there, {}, 'api', []],
  ['one is not, and nothing is deployed', ['auth', 'backend'], there, { deploy: 'never' }, 'api', [sentence]],
  ['the pipeline deploys nothing', ['backend'], there, {}, 'none', [sentence]],
  ['the level allows no deployment', ['backend'], there, { level: 'report' }, 'api', [sentence]],
  ['this run will make it', ['backend'], there, {}, 'api', []],
  ['no suite needs it', ['auth'], there, { deploy: 'never' }, 'api', []],
  [
    'none is there, and one has no candidate',
    ['auth', 'frontend'],
    new Set(),
    {},
    'api',
    ['chat-frontend is not on the platform in demo/local: services there: none of those in the config'],
  ],
])('%s', (_story, needed, known, options, how, said) => {
  const parts = { environment, pipeline: { deploy: { how } }, options: optionsWith(options) };
  const problems = missingServices(needed, known, parts as unknown as Parameters<typeof missingServices>[2]);
  expect(problems.map(({ message }) => message)).toEqual(said);
  expect(problems.every(({ blocks, hint }) => blocks && hint !== null)).toBe(true);
});
