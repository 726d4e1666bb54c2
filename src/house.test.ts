import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { stageNames } from './core/loop-context.ts';

const src = import.meta.dirname;
const project = join(src, '..');

/** Rooms whose folders are plugged in by one line of their index. A folder of folders is named here by what it holds. */
const rooms = { stages: [], providers: ['fixers'], 'test-reports': [] } as const satisfies Record<string, string[]>;

/** Folders of machinery that several of a room's folders share. */
const shared: readonly string[] = ['json', 'live', 'xml'];

function foldersIn(...path: string[]): string[] {
  const entries = readdirSync(join(src, ...path), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** `fixers/command` for a folder in a folder of folders, else the folder's name. */
function plugged(room: keyof typeof rooms): string[] {
  const nests: readonly string[] = rooms[room];
  const folders = foldersIn(room).filter((name) => room !== 'test-reports' || !shared.includes(name));
  return folders.flatMap((name) =>
    nests.includes(name) ? foldersIn(room, name).map((inner) => `${name}/${inner}`) : [name],
  );
}

/** The folders that an index takes something from. */
function registered(room: string): string[] {
  const index = readFileSync(join(src, room, 'index.ts'), 'utf8');
  const paths = [...index.matchAll(/^(?:import|export) .* from '\.\/(.+)\/[^/]+';$/gm)].map(([, path]) => path ?? '');
  return [...new Set(paths)];
}

describe('the house', () => {
  test.each(Object.keys(rooms) as (keyof typeof rooms)[])(
    'every folder under src/%s is one line of its index',
    (room) => {
      expect(registered(room).sort()).toEqual(plugged(room).sort());
    },
  );

  test('every state of the machine has its stage, named after it', () => {
    const folders = stageNames.map((name) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
    expect(plugged('stages').sort()).toEqual(folders.sort());
  });
});

describe('the package', () => {
  const Package = z.object({ files: z.array(z.string()), bin: z.record(z.string(), z.string()) });
  const { files, bin } = Package.parse(JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')));

  test('ships only what is there', () => {
    // `dist` is made by the build.
    expect(files.filter((file) => file !== 'dist' && !existsSync(join(project, file)))).toEqual([]);
  });

  test('ships its command, and what the command needs without a flag', () => {
    expect(files).toContain(bin.loop?.split('/')[0]);
    const needed = ['config/local.yaml', 'pipelines/e2e.yaml', 'examples/chat'];
    expect(
      needed.filter((path) => !existsSync(join(project, path)) || !files.includes(path.split('/')[0] ?? '')),
    ).toEqual([]);
  });
});
