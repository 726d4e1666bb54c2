import { expect, test } from 'vitest';
import { pushedImagesBuilder } from './pushed-images.ts';

const commit = 'c0ffee'.padEnd(40, '0');
const digest = `sha256:${'a'.repeat(64)}`;
const placeholder = `\${commit}`;
const build = (image?: string) =>
  pushedImagesBuilder().build({ commit, path: 'services/auth', image }, new AbortController().signal);

test.each([
  ['a tag', `r.dev/p/auth:${placeholder}`, `r.dev/p/auth:${commit}`, null],
  ['a folder and a tag', `r.dev/${placeholder}/auth:${placeholder}`, `r.dev/${commit}/auth:${commit}`, null],
  ['a digest', `r.dev/p/${placeholder}@${digest}`, `r.dev/p/${commit}@${digest}`, digest],
])('%s', async (_name, image, reference, known) => {
  expect(await build(image)).toEqual({ ok: true, value: { image: reference, digest: known } });
});

test('a service without one is refused, by its folder', async () => {
  const built = await build();
  expect(built).toMatchObject({
    ok: false,
    failure: { code: 'config', message: expect.stringContaining('services/auth') },
  });
});
