import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { smallProject } from './small-project.ts';

/** For the bench: a project of twenty tiny services of one image, all of them needed by its one suite, all at HEAD. Prints its folder. */
const servicesCount = 20;
const folder = smallProject();
const names = Array.from({ length: servicesCount }, (_, n) => `hello${String(n + 1).padStart(2, '0')}`);
const services = names.map(
  (name) => `  ${name}: { cloudRun: small-${name}, path: hello, health: [{ path: /, status: 200 }] }`,
);

change('config/local.yaml', (text) => text.replace(/^ {2}hello: .*$/m, services.join('\n')));
change('pipelines/e2e.yaml', (text) =>
  text.replace('service: hello', `service: ${names[0]}\n    needs: [${names.slice(1).join(', ')}]`),
);
change('example/history/history.json', (text) => {
  const history = JSON.parse(text);
  const [whole] = history.commits;
  const tests = {
    ...whole,
    title: 'tests',
    at: '2025-08-31T08:00:00Z',
    adds: ['package.json', 'e2e'],
    stable: undefined,
  };
  return JSON.stringify({ ...history, commits: [tests, { ...whole, adds: ['hello'] }] });
});
rmSync(join(folder, 'example/history/bad.patch'));
process.stdout.write(`${folder}\n`);

function change(file: string, edit: (text: string) => string): void {
  const path = join(folder, file);
  writeFileSync(path, edit(readFileSync(path, 'utf8')));
}
