import { imageOfCommit } from '../../config/service-image.ts';
import type { StageRun } from '../../ports/stage.ts';
import type { CommandEnd } from '../../ports/tester.ts';
import type { CommandParts, CommandRequest } from './command-request.ts';
import { deployCommand } from './deploy-command.ts';

const graceMs = 10_000;
const outputBytesMax = 8 * 1024 * 1024;

/** Runs the pipeline's deploy command for one service: a process group of its own, limited in time, ended as a whole. */
export async function runDeployCommand(
  request: CommandRequest & { stepKey: string },
  parts: CommandParts,
  run: StageRun,
): Promise<{ argv: readonly string[]; end: CommandEnd }> {
  const { service, commit } = request;
  const { project, region, services } = parts.environment;
  const config = services[service];
  const { run: words, pass, timeoutSeconds } = parts.pipeline.deploy.command ?? notConfigured;
  const names = {
    ...request,
    project,
    region,
    path: config?.path ?? '',
    tag: config?.candidate === 'tag' ? request.tag : null,
    image: config?.image === undefined ? null : imageOfCommit(config.image, commit),
    run: run.record.run.id,
  };
  const given = { config: { run: words, pass }, names, path: parts.path, variables: parts.variables };
  const { argv, env } = deployCommand(given);
  run.progress(`deploying ${service}: ${argv[0]}`);
  const end = await parts.tester.run(
    {
      argv,
      env,
      shell: false,
      cwd: request.cwd,
      limits: { timeoutMs: timeoutSeconds * 1000, graceMs, outputBytesMax },
      onStart: (group) => run.startedProcess(group),
      onOutput: (text) => run.progress(`${service}: ${lastLine(text)}`),
    },
    run.signal,
  );
  return { argv, end };
}

/** The config is checked for it; without one nothing is started, and the end says so. */
const notConfigured = { run: [''], pass: [], timeoutSeconds: 1 };

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
