import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentSays, smallEnvironment as good, writeSample } from './config-sample.ts';
import { loadEnvironment, loadPipeline } from './load.ts';
import { formatProblems } from './messages.ts';

const head = good.slice(0, good.indexOf('services:'));

const environments: [string, string | Uint8Array][] = [
  ['a file that is fine', good],
  ['empty', ''],
  ['only a comment', '# nothing yet\n'],
  ['a null document', '---\n~\n'],
  ['a list', '- environment: local\n'],
  ['a scalar', 'local\n'],
  ['not YAML', `${head}services: [auth, {\n`],
  ['a tab as indentation', 'limits:\n\tminutes: 5\n'],
  ['binary', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1])],
  ['Latin-1', new Uint8Array([0x61, 0x3a, 0x20, 0xe9, 0x0a])],
  ['too large', `# ${'x'.repeat(1_000_000)}\n`],
  ['two documents', `${good}---\n${good}`],
  ['a duplicate key', `${good}region: elsewhere\n`],
  ['a tag', `${good}limits: !!set { minutes }\n`],
  ['a tag of JavaScript', `${good}limits: !!js/function 'x'\n`],
  ['a merge key', `${good}limits:\n  <<: { minutes: 5 }\n`],
  ['a prototype', `${good}__proto__: { level: act }\n`],
  ['a constructor', `${good}limits: { constructor: 1 }\n`],
  ['a list as key', `${good}? [a, b]\n: 1\n`],
  ['an alias bomb', 'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n'],
  ['many aliases', `a: &a x\nb: [${Array.from({ length: 40 }, () => '*a').join(', ')}]\n`],
  ['an alias of itself', 'a: &a { b: *a }\n'],
  ['an alias without anchor', 'a: *nowhere\n'],
  ['nested too deeply', `a: ${'['.repeat(5000)}\n`],
  ['a slip in a key', `${good}  backend: { cloudRun: chat-backend, path: backend, heatlh: [] }\n`],
  ['a key that is like no other', `${good}  backend: { cloudRun: chat-backend, path: backend, port: 8080 }\n`],
  ['text for a number', `${good}limits: { minutes: abc }\n`],
  ['a fraction', `${good}limits: { minutes: 1.5 }\n`],
  ['too small', `${good}limits:\n  minutes: 0\n`],
  ['nothing', `${good}limits:\n  minutes:\n`],
  ['a list for a mapping', `${good}limits: [minutes]\n`],
  ['a number for text', good.replace('chat-auth', '12')],
  ['a slip in an allowed word', `${good}level: obsrve\n`],
  ['a word that is not allowed', `${good}level: 7\n`],
  ['an endpoint that is neither', `${good}endpoints: emulatr\n`],
  ['an endpoint that is no address', `${good}endpoints: { run: 127.0.0.1 }\n`],
  ['missing keys', 'environment: local\nservices:\n  auth: { path: auth }\nregion: here\n'],
  ['no services', `${head}services: {}\n`],
  ['a service with a wrong name', `${head}services:\n  Auth Service: { cloudRun: a, path: a }\n`],
  ['a number in env', `${good}  b: { cloudRun: b, path: b, env: { RETRIES: 3 } }\n`],
  ['a slip in an env source', `${good}  b: { cloudRun: b, path: b, env: { KEY: { evn: X } } }\n`],
  ['needs an unknown service', `${good}  b: { cloudRun: b, path: b, needs: [auht] }\n`],
  ['an address of an unknown service', `${good}  b: { cloudRun: b, path: b, env: { A: "\${url.aut}" } }\n`],
  ['an unknown placeholder', `${good}  b: { cloudRun: b, path: b, env: { A: "x\${urls.auth}" } }\n`],
  [
    'a circle',
    `${head}services:\n  a: { cloudRun: a, path: a, needs: [b] }\n  b: { cloudRun: b, path: b, needs: [c] }\n  c: { cloudRun: c, path: c, needs: [b] }\n`,
  ],
  ['an image of one commit', `${good}  b: { cloudRun: b, path: b, image: 'r/b:\${commit}' }\n`],
  ['an image that names no commit', `${good}  b: { cloudRun: b, path: b, image: 'r/b:latest' }\n`],
  ['an unknown placeholder in an image', `${good}  b: { cloudRun: b, path: b, image: 'r/b:\${sha}' }\n`],
  ['a service that needs itself', `${head}services:\n  a: { cloudRun: a, path: a, needs: [a] }\n`],
  ['a health check that asks nothing', `${good}  b: { cloudRun: b, path: b, health: [{ status: 200 }] }\n`],
  ['a health check that asks both', `${good}  b: { cloudRun: b, path: b, health: [{ path: /, websocket: /ws }] }\n`],
  ['a first message of a request', `${good}  b: { cloudRun: b, path: b, health: [{ path: /, firstMessage: {} }] }\n`],
  ['a version of a WebSocket', `${good}  b: { cloudRun: b, path: b, health: [{ websocket: /, version: v }] }\n`],
  ['a server fault as healthy', `${good}  b: { cloudRun: b, path: b, health: [{ path: /, status: 503 }] }\n`],
  [
    'needs a dependency',
    `${good}  b: { cloudRun: b, path: b, needs: [redis] }\ndependencies: { redis: { tcp: "r:6379" } }\n`,
  ],
  [
    'a slip in a dependency',
    `${good}  b: { cloudRun: b, path: b, needs: [rediss] }\ndependencies: { redis: { tcp: "r:6379" } }\n`,
  ],
  [
    'a dependency told by nobody',
    `${good}dependencies: { redis: { service: auht, path: /, json: { redis: true } } }\n`,
  ],
  ['a dependency of no field', `${good}dependencies: { redis: { service: auth, path: /, json: {} } }\n`],
  ['a dependency called as a service', `${good}dependencies: { auth: { tcp: "r:6379" } }\n`],
  ['a dependency with a password', `${good}dependencies: { db: { url: "https://me:word@db.example/" } }\n`],
  ['a dependency without a port', `${good}dependencies: { redis: { tcp: "redis" } }\n`],
  ['a dependency on port 70000', `${good}dependencies: { redis: { tcp: "redis:70000" } }\n`],
  ['a health path that is not rooted', `${good}  b: { cloudRun: b, path: b, health: [{ path: health }] }\n`],
  ['wrong behind an alias', `${head}services:\n  a: &a { cloudRun: a, path: 1 }\n  b: *a\n`],
  ['CRLF and a byte order mark', `\uFEFF${`${good}level: nope\n`.replaceAll('\n', '\r\n')}`],
  ['control characters', `${good}level: "\u0007\u001b[31mred"\n`],
  ['a very long line', `${good}redact: [${'SECRET_NAME, '.repeat(30)}{}]\n`],
];

test.each(environments)('environment: %s', async (_story, content) => {
  expect(await environmentSays(content)).toMatchSnapshot();
});

test.each([
  [
    'a slip in the name',
    'locl',
    'config/locl.yaml: there is no such file\n  hint: did you mean "local"? what exists: local, staging.example',
  ],
  [
    'another name',
    'production',
    'config/production.yaml: there is no such file\n  hint: what exists: local, staging.example',
  ],
  ['a path', '../secrets', 'config: "../secrets" is no name of a file\n  hint: use letters, digits, dots and hyphens'],
  ['a folder', 'folder', 'config/folder.yaml: not a file'],
])('a file that cannot be had: %s', async (_story, name, message) => {
  const { folder, remove } = await writeSample('config', 'local.yaml', good);
  await writeFile(join(folder, 'staging.example.yaml'), good);
  await writeFile(join(folder, 'notes.txt'), '');
  if (name === 'folder') await mkdir(join(folder, 'folder.yaml'));
  const loaded = await loadEnvironment({ folder, name, env: {} });
  expect(loaded.ok ? '' : formatProblems(loaded.problems)).toBe(message);
  await remove();
});

test('a folder that is not there is said', async () => {
  const { folder, remove } = await writeSample('config', 'local.yaml', good);
  await rm(folder, { recursive: true });
  const loaded = await loadPipeline({ folder, name: 'e2e' });
  expect(loaded.ok ? '' : formatProblems(loaded.problems)).toBe(
    'config/e2e.yaml: there is no such file\n  hint: there is no folder config/ here: run loop in the folder of its project',
  );
  await remove();
});

test('a file that loads gives its text, its path and its defaults', async () => {
  const { folder, remove } = await writeSample('config', 'local.yaml', good);
  const loaded = await loadEnvironment({ folder, name: 'local', env: {} });
  expect(loaded).toMatchObject({ ok: true, text: good, path: join(folder, 'local.yaml'), overrides: [] });
  expect(loaded.ok && loaded.value).toMatchObject({ level: 'observe', endpoints: {}, limits: { minutes: 30 } });
  await remove();
});

test('a file of nothing but mistakes is refused in bounded work', async () => {
  const wrong = Array.from({ length: 20_000 }, (_, n) => `key${n}: 1`).join('\n');
  const { folder, remove } = await writeSample('config', 'local.yaml', good + wrong);
  const loaded = await loadEnvironment({ folder, name: 'local', env: {} });
  const text = loaded.ok ? '' : formatProblems(loaded.problems);
  expect(text.split('\n').at(0)).toBe('config/local.yaml:7:1 key0: unknown key');
  expect(text.split('\n').at(-1)).toBe('… and 80 more');
  await remove();
});
