import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../core/canonical-json.ts';
import { makeRedactor } from '../core/redact.ts';
import type { Artifacts } from '../ports/artifacts.ts';
import { artifactFolder } from './artifact-folder.ts';

let folder: string;
let artifacts: Artifacts;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loop-artifacts-'));
  artifacts = artifactFolder({
    folder,
    redact: makeRedactor([{ name: 'JWT_SECRET', value: 'hunter2-and-more' }]).text,
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const about = { kind: 'report', source: 'auth', at: '2026-11-20T19:00:00.000Z' };

describe('an artefact', () => {
  test('is named by the hash of what is on disk', async () => {
    const stored = await artifacts.put({ ...about, content: '{"passed":5}' });
    const onDisk = readFileSync(join(folder, stored.path), 'utf8');
    expect(stored).toMatchObject({ ...about, sha256: sha256(onDisk), excerpt: '{"passed":5}' });
    expect(stored.path).toBe(`artifacts/${sha256(onDisk).slice(0, 24)}.json`);
    expect(Buffer.from(await artifacts.read(stored.path)).toString()).toBe(onDisk);
  });

  test('has no secret in it, nor has anything that is told about it', async () => {
    const content = 'token=hunter2-and-more\n';
    const stored = await artifacts.put({ ...about, source: 'curl -H hunter2-and-more', content });
    const onDisk = readFileSync(join(folder, stored.path), 'utf8');
    expect(onDisk).toBe('token=[redacted:JWT_SECRET]\n');
    expect(stored.sha256).toBe(sha256(onDisk));
    expect(JSON.stringify(stored)).not.toContain('hunter2');
  });

  test.each([
    ['UTF-16', Buffer.from('\uFEFF<a name="grüß"/>', 'utf16le')],
    ['UTF-16, the other way round', Buffer.from('\uFEFF<a name="grüß"/>', 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from('<a name="grüß"/>', 'utf16le')],
    ['windows-1252', Buffer.from('<?xml version="1.0" encoding="windows-1252"?><a name="gr\u00fc\u00df"/>', 'latin1')],
    ['no text at all', Buffer.from([0x3c, 0x80, 0xff, 0x00, 0xc3])],
  ])('keeps the encoding it came in: %s', async (_encoding, content) => {
    const stored = await artifacts.put({ ...about, content });
    expect(readFileSync(join(folder, stored.path))).toEqual(content);
    expect(stored.sha256).toBe(sha256(content));
  });

  test.each([
    ['UTF-16', Buffer.from('\uFEFFa hunter2-and-more b', 'utf16le'), 'utf16le'],
    ['windows-1252', Buffer.from('gr\u00fc hunter2-and-more b', 'latin1'), 'utf8'],
    ['no text at all', Buffer.from([0xff, 0xfe, 0x80, ...Buffer.from('hunter2-and-more')]), 'utf8'],
  ] as const)('has no secret in it in any encoding: %s', async (_encoding, content, encoding) => {
    const stored = await artifacts.put({ ...about, content });
    const onDisk = readFileSync(join(folder, stored.path));
    expect(onDisk.toString(encoding)).toContain('[redacted:JWT_SECRET]');
    expect(onDisk.toString('latin1')).not.toContain('hunter2');
  });

  test('with the same content is stored once, and leaves nothing half written', async () => {
    const file = join(folder, 'junit.xml');
    writeFileSync(file, '<testsuites/>');
    // At the same time: two suites that end together may have printed the same.
    const both = await Promise.all([
      artifacts.put({ ...about, content: '<testsuites/>' }),
      artifacts.putFile({ ...about, file }),
    ]);
    expect(both[0]).toEqual(both[1]);
    expect(await artifacts.put({ ...about, content: '<testsuites/>' })).toEqual(both[0]);
    expect(readdirSync(join(folder, 'artifacts'))).toEqual([both[0]?.path.split('/')[1]]);
  });

  test.each(['../loop.db', '/etc/passwd', 'artifacts/../../x'])('is never read from outside: %s', async (path) => {
    expect(() => artifacts.read(path)).toThrow("leaves the run's folder");
  });
});
