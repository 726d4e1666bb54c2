import { expect, test } from 'vitest';
import { smallPipeline as good, pipelineSays } from './config-sample.ts';

const suite = "{ service: auth, run: [node], report: { path: '*.xml' } }";

const entry = "{ suite: login, test: 'it logs in', owner: ann, issue: '#7', until: 2026-12-31 }";

test.each([
  ['a file that is fine', good],
  ['an unknown suite in a phase', good.replace('[login]', '[login, logni]')],
  ['a phase without suites', good.replace('[login]', '[]')],
  ['no phases', good.replace(/phases: .*/, 'phases: []')],
  ['a suite in no phase', `${good}  logout: ${suite}\n`],
  ['a suite in two phases', good.replace('}]', '}, { name: more, suites: [login] }]')],
  ['a phase twice', `${good.replace('}]', '}, { name: all-of-it, suites: [logout] }]')}  logout: ${suite}\n`],
  ['an unknown service', good.replace('service: auth', 'service: auht')],
  ['needs an unknown service', good.replace('service: auth', 'service: auth, needs: [backend]')],
  ['judged by a phase without a gate', good.replace('service: auth', 'service: auth, gate: phase')],
  ['a line without a shell', good.replace('[node, --test]', 'node --test')],
  ['a list for a shell', good.replace('service: auth', 'service: auth, shell: true')],
  ['nothing to run', good.replace('[node, --test]', '[]')],
  ['the focus word all', good.replace('[auth]', '[auth, all]')],
  ['a focus of two words', good.replace('[auth]', "['auth login']")],
  ['a suite named all', good.replaceAll('login', 'all')],
  ['a deploy command that is not there', `${good}deploy: { how: command }\n`],
  ['a deploy command', `${good}deploy: { how: command, command: { run: [./deploy.sh, $LOOP_SERVICE] } }\n`],
  ['a gate above all', `${good}gates: { P1: 100.1% }\n`],
  ['a gate that is no percentage', `${good}gates: { P1: 0.8 }\n`],
  ['a suite gate of neither kind', good.replace('service: auth', 'service: auth, gate: pahse')],
  ['an unknown priority in gates', `${good}gates: { P7: 50% }\n`],
  ['a slip in a priority', good.replace('service: auth', 'service: auth, priority: p1')],
  ['an unknown fixer', `${good}fixers: [{ use: revert-comit }]\n`],
  ['a fixer without its command', `${good}fixers: [{ use: command }]\n`],
  ['an unknown placeholder', `${good}publish: { title: 'E2E-{reson}-{test}' }\n`],
  ['too many labels', `${good}publish: { labels: [a, b, c, d] }\n`],
  ['a stream outside of its folder', good.replace("'*.xml' }", "'*.xml', stream: '../live.ndjson' }")],
  [
    'a test that may take longer than its suite',
    good.replace('service: auth', 'service: auth, testTimeoutSeconds: 300'),
  ],
  ['no report', good.replace(", report: { path: '*.xml' }", '')],
  ['repeats above the limit', `${good}control: { repeats: 21 }\n`],
  ['a quarantine that is fine', `${good}quarantine: [${entry}]\n`],
  ['a quarantined test in an unknown suite', `${good}quarantine: [${entry.replace('login', 'logni')}]\n`],
  ['a test that is excused twice', `${good}quarantine: [${entry}]\nknown: [${entry}]\n`],
  ['a quarantine that never ends', `${good}quarantine: [${entry.replace(/, until.*\}/, ' }')}]\n`],
  ['a known failure without an owner', `${good}known: [${entry.replace('owner: ann, ', '')}]\n`],
  ['an unknown approval', `${good}approve: [fixes]\n`],
  ['steps that are fine', `${good}traffic: { steps: [5, 50, 100] }\n`],
  ['steps that do not rise', `${good}traffic: { steps: [10, 10, 100] }\n`],
  ['steps that end too early', `${good}traffic: { steps: [10, 50] }\n`],
  ['a step above everything', `${good}traffic: { steps: [10, 101] }\n`],
  ['a schedule that is fine', `${good}schedule: '30 2 * * *'\n`],
  ['a schedule that is no cron expression', `${good}schedule: every night at 2\n`],
  ['a schedule of four fields', `${good}schedule: '30 2 * *'\n`],
  ['a minute that does not exist', `${good}schedule: '61 2 * * *'\n`],
  ['a day that never comes', `${good}schedule: '0 0 31 2 *'\n`],
])('pipeline: %s', async (_story, content) => {
  expect(await pipelineSays(content)).toMatchSnapshot();
});
