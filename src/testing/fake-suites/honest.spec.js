import { ask } from './lib.js';

test('it answers', async () => expect((await ask()).status).toBe('ok'));
test('it greets', async () => {
  await expect(ask()).resolves.toHaveProperty('greeting', 'hello');
});
