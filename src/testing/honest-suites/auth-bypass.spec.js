import { ask, failOnce, soon } from './service.js';

describe('falling back to a mock', () => {
  test('never happens', async ({ task }) => {
    await soon(350);
    console.log('mocks/ holds 3 files; the suite runs without mock servers');
    expect((await ask(task.name)).status).toBe(200);
  });
  test.each([
    ['status', 'ok'],
    ['greeting', 'hello'],
  ])('%s is %s', async (field, value) => {
    expect((await ask(expect.getState().currentTestName.split(' > ').at(-1))).body[field]).toBe(value);
  });
});
test('it answers at the second attempt', { retry: 2 }, async ({ task }) => {
  failOnce(task.name);
  expect((await ask(task.name)).status).toBe(200);
});
test.skip('a promise that was never awaited', () => {});
