// Builds dist/ so that `npx loop` works right after `npm ci` (this is the `prepare` script).
//   dist/loop.cjs   the bin: answers --help and --version from text, loads dist/cli.js for everything else
//   dist/cli.js     the program, bundled and split so that a command loads only what it needs
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

// Left outside the bundle: native code, files that are found by path at run time, and what a bundle does not make faster.
const external = [
  '@google-cloud/*',
  'google-auth-library',
  '@grpc/*',
  '@photostructure/sqlite',
  'pino',
  'ws',
  'protobufjs',
];

rmSync(dist, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli.ts' },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'linked',
  external,
  define: { LOOP_VERSION: JSON.stringify(version) },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});

// Every help text is rendered once, here, so that `loop --help` parses nothing.
const help = JSON.parse(
  execFileSync(process.execPath, [join(dist, 'cli.js'), '--print-help-texts'], { encoding: 'utf8' }),
);
const bin = readFileSync(join(root, 'scripts', 'bin.cjs'), 'utf8');
writeFileSync(
  join(dist, 'loop.cjs'),
  bin
    .replace(/(['"])__HELP__\1/, () => JSON.stringify(help))
    .replace(/(['"])__VERSION__\1/, () => JSON.stringify(version)),
);
chmodSync(join(dist, 'loop.cjs'), 0o755);

// `npx loop` finds its own package's bin at once, without asking a registry.
const binFolder = join(root, 'node_modules', '.bin');
if (existsSync(join(root, 'node_modules')) && process.platform !== 'win32') {
  mkdirSync(binFolder, { recursive: true });
  rmSync(join(binFolder, 'loop'), { force: true });
  symlinkSync('../../dist/loop.cjs', join(binFolder, 'loop'));
}

// The example's few locked dependencies, installed once; revisions link to this folder.
const example = join(root, 'examples', 'chat');
if (existsSync(join(example, 'package-lock.json')) && !existsSync(join(example, 'node_modules'))) {
  const install = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: example,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (install.status !== 0) process.exit(install.status ?? 1);
}
