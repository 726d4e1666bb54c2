import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readTranscript } from './deploy-transcript.ts';
import { standingOf, transcriptSentence } from './transcript-words.ts';

const read = (text: string | Uint8Array, exitCode?: number | null) =>
  readTranscript(typeof text === 'string' ? Buffer.from(text) : text, exitCode);

describe('the class of an error', () => {
  test.each([
    ["(gcloud.run.deploy) unrecognized arguments:\n  --no-trafic (did you mean '--no-traffic'?)", 'usage', null],
    ['(gcloud.run.deploy) argument --image: expected one argument', 'usage', null],
    ["(gcloud.run.services) Invalid choice: 'deploi'.", 'usage', null],
    ['(gcloud.run.deploy) INVALID_ARGUMENT: the request has errors', 'usage', 'INVALID_ARGUMENT'],
    ['(gcloud.run.deploy) The required property [project] is not currently set.', 'config', null],
    ['(gcloud.run.deploy) NOT_FOUND: Secret projects/1/secrets/db was not found', 'config', 'NOT_FOUND'],
    ['(gcloud.run.deploy) PERMISSION_DENIED: The caller does not have permission', 'permission', 'PERMISSION_DENIED'],
    [
      "(gcloud.run.deploy) User [a@b] does not have permission to access namespaces instance [p]: Permission 'iam.serviceaccounts.actAs' denied",
      'permission',
      null,
    ],
    ['(gcloud.builds.submit) HttpException: ResponseError: status=[403], code=[Forbidden]', 'permission', '403'],
    [
      '(gcloud.run.deploy) There was a problem refreshing your current auth tokens: reauthentication is needed.',
      'permission',
      null,
    ],
    ['(gcloud.run.deploy) RESOURCE_EXHAUSTED: too much', 'quota', 'RESOURCE_EXHAUSTED'],
    [
      "(gcloud.run.deploy) Revision 'a-00001-abc' is not ready and cannot serve traffic. Quota exceeded for total allowable CPU",
      'quota',
      null,
    ],
    [
      "(gcloud.run.deploy) ABORTED: Conflict for resource 'a': version '1' was specified but current version is '2'.",
      'conflict',
      'ABORTED',
    ],
    ['(gcloud.builds.submit) build 12-34 completed with status "FAILURE"', 'build', null],
    [
      "(gcloud.run.deploy) Revision 'a-00001-abc' is not ready and cannot serve traffic. The user-provided container failed to start and listen on the port",
      'container-failed-to-start',
      null,
    ],
    [
      '(gcloud.run.deploy) FAILED_PRECONDITION: The container failed to start',
      'container-failed-to-start',
      'FAILED_PRECONDITION',
    ],
    ['(gcloud.run.deploy) UNAVAILABLE: The service is currently unavailable', 'transient', 'UNAVAILABLE'],
    ['(gcloud.run.deploy) DEADLINE_EXCEEDED: deadline', 'transient', 'DEADLINE_EXCEEDED'],
    ["gcloud crashed (ConnectionError): ('Connection aborted.', ConnectionResetError(104))", 'transient', null],
    ['(gcloud.run.deploy) Something that nobody has seen yet', 'unknown', null],
    ['failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1', 'build', null],
    ['(gcloud.run.deploy) HTTPError 503: upstream', 'transient', '503'],
    ["(gcloud.run.deploy) Revision 'a-00403-abc' cannot be described", 'unknown', null],
  ])('%s', (text, kind, code) => {
    const { errors, saysSuccess } = read(`Deploying...\nERROR: ${text}\n`, 1);
    expect(errors.map((error) => [error.class, error.code])).toEqual([[kind, code]]);
    expect(saysSuccess).toBe(false);
  });

  test.each([
    ['a command line of gcloud', 'gcloud.run.deploy: error: argument --port: invalid int value', 'usage'],
    ['terraform', 'googleapi: Error 409: Requested entity already exists', 'conflict'],
    ['docker push', 'denied: Permission "artifactregistry.repositories.uploadArtifacts" denied', 'permission'],
    ['a client of gRPC', 'Error: 14 UNAVAILABLE: no connection established', 'transient'],
    ['a shell', 'gcloud: command not found', 'usage'],
  ])('as %s tells it', (_name, line, kind) => {
    expect(read(`${line}\n`, 1).errors.map((error) => error.class)).toEqual([kind]);
  });

  test('goes on in indented lines, and says where it stands', () => {
    const text =
      'one\ntwo\nERROR: (gcloud.run.deploy) unrecognized arguments:\n  --oops\n  To search the help text\nDone with it\n';
    const [error] = read(text, 2).errors;
    expect(error).toMatchObject({ line: 3, text: 'unrecognized arguments: --oops To search the help text' });
  });
});

const both = `Deploying one...
one deployed successfully
Deploying two...
ERROR: (gcloud.run.deploy) ABORTED: Conflict for resource 'two-service': version '1' was specified.
`;
const gcloud = `Deploying container to Cloud Run service [hello] in project [p] region [r]
Deploying...
Creating Revision.......done
Done.
Service [hello] revision [hello-00002-abc] has been deployed and is serving 100 percent of traffic.
Service URL: https://hello-x.a.run.app
`;

describe('what it amounts to', () => {
  test.each([
    ['one service up, one not', both, undefined, 'partial', 'one:deployed two:failed'],
    ['gcloud, done', gcloud, 0, 'unverified', 'hello:deployed'],
    [
      'gcloud under the name of a script',
      `Deploying hello to Cloud Run...\n${gcloud.replaceAll('[hello]', '[staging-hello]')}`,
      0,
      'unverified',
      'hello:deployed',
    ],
    ['only an error', 'ERROR: (gcloud.run.deploy) PERMISSION_DENIED: no\n', 1, 'failed', ''],
    [
      'a banner that is taken back',
      'All services deployed successfully!\nERROR: (gcloud.run.deploy) UNAVAILABLE: no\n',
      1,
      'failed',
      '',
    ],
    [
      'success and then a failed service',
      'hello deployed successfully\n❌ Failed to deploy hello\n',
      1,
      'failed',
      'hello:failed',
    ],
    [
      'failed once, and deployed by a second try',
      'Failed to deploy hello\nDeploying hello...\nhello deployed successfully\n',
      0,
      'unverified',
      'hello:deployed',
    ],
    ['cut in the middle', gcloud.slice(0, 110), undefined, 'incomplete', 'hello:begun'],
    ['killed', gcloud.slice(0, 110), null, 'incomplete', 'hello:begun'],
    ['nothing said at all', '', 0, 'silent', ''],
    ['an empty file', '', undefined, 'incomplete', ''],
    ['a promise is no success', 'It is deployed successfully once the build is done\n', 0, 'silent', ''],
    ['CRLF', gcloud.replaceAll('\n', '\r\n'), 0, 'unverified', 'hello:deployed'],
    [
      'progress on one line',
      gcloud.replace('Creating Revision', 'Creating\rCreating Rev\rCreating Revision'),
      0,
      'unverified',
      'hello:deployed',
    ],
    ['colours', gcloud.replaceAll('hello', '\u001b[1mhello\u001b[m'), 0, 'unverified', 'hello:deployed'],
    ['two runs, the second cut', gcloud + gcloud.slice(0, 110), undefined, 'incomplete', 'hello:begun'],
    [
      'two runs, the first failed',
      `a\nb\nc\nERROR: (gcloud.run.deploy) NOT_FOUND: project\na\nb\nc\nhello deployed successfully\n`,
      undefined,
      'unverified',
      'hello:deployed',
    ],
    ['NUL bytes', gcloud.replace('Creating', '\0'.repeat(900)), undefined, 'incomplete', 'hello:deployed'],
  ])('%s', (_name, text, exitCode, standing, services) => {
    const transcript = read(text, exitCode);
    expect(standingOf(transcript)).toBe(standing);
    expect(transcript.services.map(({ name, claim }) => `${name}:${claim}`).join(' ')).toBe(services);
  });

  test('revision and address are told where gcloud tells them', () => {
    expect(read(gcloud, 0).services).toEqual([
      {
        name: 'hello',
        revision: 'hello-00002-abc',
        url: 'https://hello-x.a.run.app',
        claim: 'deployed',
        because: null,
      },
    ]);
  });
});

describe('doubts', () => {
  const banner = 'Phase 1\nPhase 2\nhello deployed successfully\n';
  test.each([
    ['NUL bytes', `Phase\0\0\n${banner}`, 'log damaged: 2 NUL bytes, two writers?'],
    [
      'a flag that skips',
      `$ deploy --skip-post-tests\n${banner}`,
      'verification was skipped: line 1: "$ deploy --skip-post-tests"',
    ],
    [
      'checks that are off',
      `Pre-checks: Disabled\n${banner}`,
      'verification was skipped: line 1: "Pre-checks: Disabled"',
    ],
    ['no URL', `${banner}hello: No URL available\n`, 'a service has no URL: line 4: "hello: No URL available"'],
    [
      'undecoded output',
      `UnicodeDecodeError: 'charmap' codec\n${banner}`,
      "a program's output was never decoded, so that nothing it checked is proven: line 1: \"UnicodeDecodeError: 'charmap' codec\"",
    ],
    [
      'a stack trace behind it',
      `${banner}Traceback (most recent call last):\nNameError: env\n`,
      'a stack trace after it said success: line 4',
    ],
    [
      'a stack trace before it',
      `Traceback (most recent call last):\nSyntaxError: x\n${banner}`,
      'a stack trace, and it went on: line 1',
    ],
    [
      'a check that failed behind it',
      `${banner}Post-deployment tests failed\n`,
      'a check failed after it said success: line 4: "Post-deployment tests failed"',
    ],
    ['no health check', banner, 'no health check passed in it'],
    [
      'cut off',
      'Enabling run.googleapis.com...\n',
      'cut off: it does not say how it ended, its last line is "Enabling run.googleapis.com..."',
    ],
    ['two runs', `${banner}${banner}`, '2 runs in one file: only the last one counts'],
  ])('%s', (_name, text, doubt) => {
    expect(read(text).doubts).toContain(doubt);
  });

  test('a health check that passed is no doubt, one that failed is', () => {
    expect(read(`${banner}Health check: 200 OK\n`, 0).doubts).toEqual([]);
    expect(read(`${banner}Health check not ok\n`, 0).doubts).toEqual(['no health check passed in it']);
  });
});

describe('bytes', () => {
  const error = 'ERROR: (gcloud.run.deploy) NOT_FOUND: Das Projekt für Grüße\n';
  const latin = Buffer.from(error, 'latin1');
  test.each([
    ['UTF-8', Buffer.from(error)],
    ['windows-1252', latin],
    ['UTF-16 of PowerShell', Buffer.from(`\ufeff${error}`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(error, 'utf16le')],
  ])('%s', (_name, bytes) => {
    const { errors, doubts } = read(bytes, 1);
    expect(errors[0]?.text).toBe('NOT_FOUND: Das Projekt für Grüße');
    expect(doubts).toEqual([]);
  });

  test('a few broken characters in good text are said', () => {
    const text = Buffer.concat([
      Buffer.from('Grüße, Öl, Maß\n'),
      Buffer.from([0xff, 10]),
      Buffer.from('hello deployed successfully\n'),
    ]);
    expect(read(text, 0).doubts).toContain('1 character of it could not be decoded');
  });

  test('of many megabytes both ends are read, with the right line numbers, in bounded time', () => {
    const filler = `${'x'.repeat(99)}\n`.repeat(300_000);
    const { errors, doubts } = read(`Deploying hello...\n${filler}ERROR: (gcloud.run.deploy) UNAVAILABLE: no\n`, 1);
    expect(errors).toMatchObject([{ class: 'transient', line: 300_002 }]);
    expect(doubts[0]).toMatch(/^\d+ bytes in its middle were not read$/);
  });

  test.each([
    ['nested brackets', '['.repeat(100_000)],
    ['escapes without an end', '\u001b]'.repeat(50_000)],
    ['one endless line', `ERROR: (gcloud.a) ${'argument '.repeat(500_000)}`],
    ['names of Object', 'Deploying __proto__...\nconstructor deployed successfully\n'],
    ['nothing but NUL', '\0'.repeat(5_000)],
  ])('hostile: %s', (_name, text) => {
    expect(read(text, 1).errors.length).toBeLessThanOrEqual(1);
  });
});

describe('descriptions in JSON', () => {
  const service = (image: string, ready = 'True', labels = {}) =>
    JSON.stringify({
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { template: { metadata: { labels }, spec: { containers: [{ image }] } } },
      status: {
        conditions: [
          { type: 'RoutesReady', status: 'True' },
          { type: 'Ready', status: ready, message: 'no port' },
        ],
        latestCreatedRevisionName: 'web-2',
        latestReadyRevisionName: ready === 'True' ? 'web-2' : 'web-1',
        traffic: [{ revisionName: 'web-2', percent: 100 }],
      },
    });
  test.each([
    [
      'ready, by a tag that moves',
      service('r/web:latest'),
      'described: web is READY (revision web-2, traffic 100 % to web-2) (web: commit unknown: its image r/web:latest carries neither commit nor digest)',
    ],
    [
      'ready, with its commit',
      service('r/web:latest', 'True', { 'commit-sha': 'abc' }),
      'described: web is READY (revision web-2, traffic 100 % to web-2)',
    ],
    [
      'not ready',
      service(`r/web@sha256:${'0'.repeat(64)}`, 'False'),
      'described: web is not ready (no port) (web: the latest revision web-2 is not the latest ready one web-1)',
    ],
    [
      'a summary',
      '{"services":{"a":{"status":"deployed"},"b":{"status":"failed","error":"Container failed to start"}}}',
      'partial: a says deployed, unverified, b failed (container-failed-to-start) (a summary that somebody wrote: no answer of the platform)',
    ],
    [
      'another object',
      '{"a":1}',
      'incomplete: no service named (cut off: it does not say how it ended, its last line is "{"a":1}")',
    ],
  ])('%s', (_name, text, sentence) => {
    expect(transcriptSentence(read(text))).toBe(sentence);
  });
});

/** What the index expects, in our words. */
const expected: Readonly<Record<string, readonly [string, RegExp]>> = {
  D01: [
    'partial',
    /backend says deployed, unverified, auth failed \(container-failed-to-start, revision \S+-00051-fsm\)/,
  ],
  D03: ['partial', /backend says deployed, unverified, auth failed \(conflict\)/],
  D04: ['unverified', /no URL.*a check failed after it said success.*no health check passed/],
  D06: ['unverified', /--skip-post-tests.*no URL.*no health check passed/],
  D08: ['incomplete', /cut off.*never decoded/],
  D09: ['incomplete', /log damaged: 9,467 NUL bytes, two writers\?/],
  D11: ['described', /is READY.*traffic 100 %.*commit unknown/],
  D12: ['partial', /backend says deployed.*frontend says deployed.*auth failed \(container-failed-to-start\)/],
  D14: ['unverified', /auth says deployed, unverified \(.*no URL/],
};

test('the real transcripts of the corpus', () => {
  const folder = new URL('../../../../shared/corpora/real-runs/', import.meta.url);
  if (!existsSync(folder)) return void process.stderr.write('corpora/real-runs is not there: not checked\n');
  const files = readdirSync(folder).filter((file) => file.slice(0, 3) in expected);
  for (const file of files) {
    const [standing, words] = expected[file.slice(0, 3)] ?? ['', /$^/];
    const transcript = readTranscript(readFileSync(new URL(file, folder)));
    expect(standingOf(transcript), file).toBe(standing);
    expect(transcriptSentence(transcript), file).toMatch(words);
  }
  expect(files).toHaveLength(Object.keys(expected).length);
});
