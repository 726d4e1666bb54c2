import { expect, it } from 'vitest';
import { imageFolder, imageName, parseImage } from './image-store.ts';

const commit = 'a'.repeat(40);

it.each([
  [`loop.local/chat/backend@${commit}`, `/state/images/chat/backend/${commit}`],
  [`loop.local/chat/services/auth@${commit}`, `/state/images/chat/services/auth/${commit}`],
  [`loop.local/chat/../auth@${commit}`, null],
  [`loop.local/../auth@${commit}`, null],
  [`loop.local/chat/.@${commit}`, null],
  [`loop.local/chat//auth@${commit}`, null],
  ['loop.local/chat/backend@main', null],
  ['loop.local/chat/backend', null],
  [`gcr.io/chat/backend@${commit}`, null],
])('%s lies in %s', (image, folder) => {
  expect(imageFolder('/state', image)).toBe(folder);
});

it('a name is read as it was written', () => {
  const reference = { repository: 'chat', path: 'services/auth', commit };
  expect(parseImage(imageName(reference))).toEqual(reference);
});
