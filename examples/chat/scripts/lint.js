// Checks every JavaScript file: it parses, and nothing is left in it that should not be shipped.
// Exit code: the number of problems, 100 at most.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['auth', 'backend', 'frontend', 'e2e', 'scripts'];
const RULES = [
  [/\t/, 'a tab'],
  [/[ ]+$/, 'a space at the end of the line'],
  [/^\s*debugger\b/, 'a debugger statement'],
  [/\b(test|it|describe)\.(only|skip)\(/, 'a test that is left out'],
];

const files = FOLDERS.flatMap(javaScriptIn);
const problems = [...files.flatMap(brokenRules), ...(await Promise.all(files.map(syntaxError)))].filter(Boolean);
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = Math.min(problems.length, 100);

function javaScriptIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.js'))
    .map((name) => join(folder, name));
}

function brokenRules(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, at) =>
    RULES.filter(([pattern]) => pattern.test(line)).map(([, what]) => `${file}:${at + 1}: ${what}`),
  );
}

function syntaxError(file) {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--check', file], (error, _stdout, stderr) => {
      resolve(error ? `${file}: ${stderr.trim().split('\n').at(-1)}` : undefined);
    });
  });
}
