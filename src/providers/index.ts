/** Every provider, one line each; `google` holds what the two Google ones share. */
export { cloudLogging } from './cloud-logging/cloud-logging.ts';
export { cloudRunDeployer } from './cloud-run/cloud-run.ts';
export { commandFixer } from './fixers/command/command.ts';
export { revertCommit } from './fixers/revert-commit/revert-commit.ts';
export { gitRepository } from './git/repository.ts';
export { githubForge } from './github/forge.ts';
export { googleClients } from './google/clients.ts';
export { googleIdTokens } from './google/id-tokens.ts';
export { httpHealth } from './http-health/http-health.ts';
export { localImagesBuilder } from './local-images/local-images.ts';
export { runProgram } from './process/run-program.ts';
export { processTester } from './process/tester.ts';
export { pushedImagesBuilder } from './pushed-images/pushed-images.ts';
