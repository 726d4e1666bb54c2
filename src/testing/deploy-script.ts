/**
 * A team's own deploy command, for a small project: it talks to the emulator with Google's client, as a script of a team would to
 * Cloud Run. `MODE` says what it does, `MODULES` where the client is.
 */
export const deployScript = `import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { MODE, MODULES, HOME, LOOP_CLOUD_RUN_SERVICE: service, LOOP_TAG: tag, LOOP_STEP_KEY: key, LOOP_COMMIT: commit } = process.env;
const name = \`projects/\${process.env.LOOP_PROJECT}/locations/\${process.env.LOOP_REGION}/services/\${service}\`;
const banner = () => console.log(process.argv[2] + ' deployed successfully');
console.log('Deploying ' + process.argv[2] + '...');

if (MODE === 'nothing') banner();
else if (MODE === 'hangs') setInterval(() => {}, 1000);
else if (MODE === 'refused') {
  console.error('ERROR: (gcloud.run.deploy) PERMISSION_DENIED: the caller may not do this');
  process.exitCode = 1;
} else await deploy();

async function deploy() {
  const { ports, token } = JSON.parse(readFileSync(join(HOME, '.loop', 'emulator', 'emulator.json'), 'utf8'));
  const require = createRequire(join(MODULES, 'x.js'));
  const { GoogleAuth, PassThroughClient } = require('google-auth-library');
  const services = new (require('@google-cloud/run').v2.ServicesClient)({
    auth: new GoogleAuth({ authClient: new PassThroughClient(), projectId: 'demo' }),
    apiEndpoint: '127.0.0.1',
    port: ports.grpc,
    sslCreds: require('@grpc/grpc-js').credentials.createInsecure(),
    'grpc.enable_http_proxy': 0,
  });
  const call = { otherArgs: { headers: { authorization: 'Bearer ' + token } } };
  const [{ template, latestReadyRevision }] = await services.getService({ name }, call);
  const labels = MODE === 'sick' ? {} : { 'commit-sha': commit, 'loop-step': key };
  const [container] = template.containers;
  const programs = {
    boot: ['node', '-e', "require('left-pad-of-nobody')"],
    sick: ['node', '-e', "require('http').createServer((q, r) => { r.statusCode = 500; r.end('{}'); }).listen(process.env.PORT)"],
  };
  const command = programs[MODE] ?? container.command;
  const serving = latestReadyRevision.split('/').at(-1);
  const traffic =
    MODE === 'sick'
      ? [{ type: 1, percent: 100 }]
      : [{ type: 2, revision: serving, percent: 100 }, { type: 2, revision: service + '-new', tag }];
  const revision = service + '-new';
  const next = { name, template: { ...template, revision, labels, containers: [{ ...container, command }] }, traffic };
  const [operation] = await services.updateService({ service: next, updateMask: { paths: ['template', 'traffic'] } }, call);
  await operation.promise().catch((error) => console.error('ERROR: ' + error.message));
  if (MODE !== 'boot') banner();
  process.stdout.write(Buffer.alloc(64));
  // It waits for nothing more: the client keeps its connection open.
  process.exit(MODE === 'badExit' ? 1 : 0);
}
`;
