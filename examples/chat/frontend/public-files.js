import { readFileSync } from 'node:fs';

const FILES = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/client.js': ['client.js', 'text/javascript; charset=utf-8'],
  '/event-view.js': ['event-view.js', 'text/javascript; charset=utf-8'],
  '/style.css': ['style.css', 'text/css; charset=utf-8'],
};

// Read once at the start: a path from outside is only ever a key of this map, never a path on the disk.
const answers = new Map(
  Object.entries(FILES).map(([path, [file, type]]) => [
    path,
    { status: 200, type, body: readFileSync(new URL(`./public/${file}`, import.meta.url)) },
  ]),
);

/** The answer for a public path, or undefined when there is no such file. */
export function publicFile(path) {
  return answers.get(path);
}
