// `npm run bench reports [megabytes]`: a generated JUnit report, read by bare saxes (which keeps nothing) and by loop's reader
// (which keeps every case), interleaved in one run, each time in a process of its own. Nothing here fails a build.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const rounds = 3;

const readers = {
  saxes: `
    import { createReadStream } from 'node:fs';
    import { SaxesParser } from 'saxes';
    const parser = new SaxesParser({ xmlns: false, position: true });
    let tests = 0;
    let red = 0;
    parser.on('opentag', (tag) => {
      if (tag.name === 'testcase') tests += 1;
      if (tag.name === 'failure' || tag.name === 'error') red += 1;
    });
    const stream = createReadStream(process.argv[2], { encoding: 'utf8', highWaterMark: 256 * 1024 });
    for await (const text of stream) parser.write(text);
    parser.close();
    tell(tests, red);`,
  loop: `
    import { dirname } from 'node:path';
    import { readReportFiles } from './src/test-reports/index.ts';
    const folder = dirname(process.argv[2]);
    const reading = await readReportFiles([process.argv[2]], { folder, root: folder });
    const { failed, errored } = reading.report.totals;
    if (!reading.ok) throw new Error(JSON.stringify(reading.failures));
    tell(reading.report.tests.length, failed + errored);`,
};

const tell = `
  function tell(tests, red) {
    process.stdout.write(JSON.stringify({ tests, red, peakMb: process.resourceUsage().maxRSS / 1024 }));
  }`;

/** @param {number} megabytes the size of the large report; a quarter of it is read too, to see whether memory follows the file */
export async function benchReports(megabytes) {
  const folder = mkdtempSync(join(tmpdir(), 'loop-bench-reports-'));
  try {
    const programs = await bundled(folder);
    for (const size of [megabytes / 4, megabytes]) {
      const file = join(folder, 'report.xml');
      generate(file, size * 1e6);
      compare(programs, file);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function bundled(folder) {
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  const programs = {};
  for (const [name, contents] of Object.entries(readers)) {
    programs[name] = join(folder, `${name}.mjs`);
    await build({
      stdin: { contents: contents + tell, resolveDir: root, loader: 'ts' },
      outfile: programs[name],
      bundle: true,
      format: 'esm',
      platform: 'node',
      banner,
    });
  }
  return programs;
}

function compare(programs, file) {
  const megabytes = statSync(file).size / 1e6;
  const runs = { saxes: [], loop: [] };
  for (let n = 0; n < rounds; n += 1) {
    for (const [name, program] of Object.entries(programs)) runs[name].push(timed(program, file));
  }
  const seconds = (name) => median(runs[name].map((run) => run.seconds));
  for (const name of Object.keys(runs)) {
    const { tests, red } = runs[name][0];
    const peak = median(runs[name].map((run) => run.peakMb));
    const title = name === 'loop' ? 'loop, every case kept' : 'bare saxes, counts only';
    console.log(
      `${title.padEnd(28)} ${megabytes.toFixed(0)} MB, ${tests} tests, ${red} red: ${seconds(name).toFixed(2)} s, ${(megabytes / seconds(name)).toFixed(0)} MB/s, peak memory ${peak.toFixed(0)} MB`,
    );
  }
  console.log(
    `${'ratio of times'.padEnd(28)} ${(seconds('loop') / seconds('saxes')).toFixed(2)} (limit 1.0), memory limit 120 MB`,
  );
}

function timed(program, file) {
  const { NODE_EXTRA_CA_CERTS: _slow, ...env } = process.env;
  const start = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, file], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return { seconds: (performance.now() - start) / 1000, ...JSON.parse(stdout) };
}

/** Suites of 1,000 tests: 1 % failed with a stack, 0.2 % errored, 2 % skipped, with entities, CDATA and letters beyond ASCII. */
function generate(file, bytes) {
  const out = openSync(file, 'w');
  let written = writeSync(out, '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n');
  let seed = 42;
  const random = (below) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  for (let suite = 0; written < bytes; suite += 1) {
    const cases = Array.from({ length: 1000 }, (_, n) => testcase(suite, n, random));
    written += writeSync(
      out,
      `<testsuite name="suite ${suite} &amp; sons" timestamp="2026-01-01T00:00:00">\n${cases.join('')}</testsuite>\n`,
    );
  }
  writeSync(out, '</testsuites>\n');
  closeSync(out);
}

function testcase(suite, n, random) {
  const place = `classname="com.example.shop.cart.module${suite}.CartServiceIntegrationTest" file="src/test/module${suite}/CartServiceIntegrationTest.java" time="0.${100 + random(900)}"`;
  const head = `  <testcase name="adds an article with number ${n} &lt;größe&gt; to the cart and keeps its price" ${place}`;
  const lot = random(1000);
  if (lot >= 32) return `${head}/>\n`;
  if (lot < 20) return `${head}><skipped message="not on this platform"/></testcase>\n`;
  const element = lot < 30 ? 'failure' : 'error';
  const stack = Array.from(
    { length: 12 },
    (_, at) => `\tat com.example.shop.cart.Frame${at}.call(Frame${at}.java:${random(900)})`,
  ).join('\n');
  return `${head}><${element} message="expected &quot;1&quot; but was &quot;2&quot;" type="AssertionError"><![CDATA[AssertionError: no\n${stack}]]></${element}></testcase>\n`;
}

function median(list) {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
}
