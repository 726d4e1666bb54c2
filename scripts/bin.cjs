#!/usr/bin/env node
// The bin of `loop`. Help and version are plain text made by scripts/build.mjs, so that they cost no more than Node itself.
const help = '__HELP__';
const args = process.argv.slice(2);
const end = args.indexOf('--');
const flags = end < 0 ? args : args.slice(0, end);
if (flags.includes('--version') || flags.includes('-V')) {
  process.stdout.write('__VERSION__' + '\n');
} else if (flags.includes('--help') || flags.includes('-h') || args[0] === 'help') {
  const words = args.filter((word) => !word.startsWith('-') && word !== 'help');
  process.stdout.write(help[words[0]] || help['']);
} else {
  // A run waits for others most of its time: a young generation that stays small costs it nothing and keeps it under 200 MB.
  require('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
  import('./cli.js').then((cli) => cli.main(process.argv));
}
