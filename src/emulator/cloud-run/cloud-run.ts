import { type Result, succeed } from '../../core/result.ts';
import type { LogIntake } from '../cloud-logging/log-intake.ts';
import type { EmulatorOverview } from '../control.ts';
import type { UnaryMethods } from '../grpc-server.ts';
import type { IdTokens } from '../id-token.ts';
import type { Parts } from '../parts.ts';
import type { RestApi } from '../rest/rest-call.ts';
import { watchMethods } from '../watch-methods.ts';
import { auditChanges } from './audit.ts';
import { FrontEnds } from './front-ends.ts';
import { InstanceJournal } from './instance-journal.ts';
import { Instances } from './instances.ts';
import { aroundRunApi } from './knative/around-run.ts';
import type { ToWire } from './knative/change-message.ts';
import { iamPolicyApi } from './knative/iam-policy.ts';
import { knativeApi } from './knative/knative-api.ts';
import { operationsApi } from './operations-api.ts';
import { revisionsApi } from './revisions-api.ts';
import { Rollouts } from './rollout.ts';
import { RunLog } from './run-log.ts';
import { RunStore } from './run-store.ts';
import { servicesApi } from './services-api.ts';

export interface CloudRun {
  readonly services: UnaryMethods;
  readonly revisions: UnaryMethods;
  readonly operations: UnaryMethods;
  /** The v1 API of `gcloud run`, over HTTP and JSON. */
  readonly rest: readonly RestApi[];
  overview(): EmulatorOverview['services'];
  /** Ends every revision's processes. */
  close(): Promise<void>;
}

/** Cloud Run over the state of an earlier emulator, if there was one: what it left running is ended, what it served is served. */
export async function openCloudRun(
  parts: Parts,
  logStore: LogIntake,
  toWire: ToWire,
  idTokens: IdTokens,
): Promise<Result<CloudRun>> {
  const { files, stateFolder, random, searchPath, log } = parts;
  const opened = RunStore.open(files.run);
  if (!opened.ok) return opened;
  const store = opened.value;
  const journal = new InstanceJournal(files.instances);
  const left = journal.reap();
  if (left > 0) log.warn({ left }, 'ended revisions of a killed emulator');
  const runLog = new RunLog({ store: logStore, clock: parts.clock, random });
  const audit = auditChanges(runLog);
  const instances = new Instances({ stateFolder, journal, log: runLog, random, path: searchPath });
  const frontEnds = new FrontEnds({ ...parts, idTokens, portsFile: files.ports, store, instances, runLog });
  const platform = { ...parts, store, instances, frontEnds, runLog };
  const rollouts = new Rollouts(platform);
  await rollouts.recover();
  const services = watchMethods(parts, servicesApi(platform, rollouts), audit);
  const revisions = watchMethods(parts, revisionsApi(platform), audit);
  return succeed({
    services,
    revisions,
    rest: [aroundRunApi, iamPolicyApi(platform), knativeApi({ services, revisions, store, toWire })],
    operations: watchMethods(parts, operationsApi(platform)),
    overview: () =>
      [...store.services.values()].map((service) => ({
        name: service.id,
        url: frontEnds.uri(service, ''),
        tags: service.routes
          .filter(({ tag }) => tag !== '')
          .map(({ tag }) => ({ tag, url: frontEnds.uri(service, tag) })),
      })),
    async close() {
      rollouts.close();
      await frontEnds.close();
      await instances.stopAll();
    },
  });
}
