import { z } from 'zod';
import { type Answer, answer, refuse } from '../../answer.ts';
import type { RestApi, RestCall } from '../../rest/rest-call.ts';
import type { Platform } from '../platform.ts';
import { principalOf } from '../platform.ts';
import type { ServiceRecord } from '../records.ts';

const invoker = 'roles/run.invoker';
const Policy = z.object({
  policy: z.object({
    bindings: z.array(z.object({ role: z.string(), members: z.array(z.string()).default([]) })).default([]),
  }),
});

/** Who may call a service, as far as the front end enforces it: everybody, or callers with a token. */
export function iamPolicyApi(platform: Pick<Platform, 'store' | 'runLog' | 'ledger' | 'clock'>): RestApi {
  return (call) => {
    const [, name = '', verb = ''] =
      /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/services\/[^/]+):([gs]etIamPolicy)$/.exec(call.path) ?? [];
    if (`${call.method} ${verb}` !== 'GET getIamPolicy' && `${call.method} ${verb}` !== 'POST setIamPolicy')
      return null;
    const service = platform.store.services.get(name);
    if (service === undefined) return Promise.resolve(refuse('NOT_FOUND', `Resource '${name}' does not exist.`));
    return Promise.resolve(verb === 'getIamPolicy' ? answer(policyOf(service)) : setPolicy(platform, service, call));
  };
}

function policyOf(service: ServiceRecord): object {
  const bindings = service.private === true ? [] : [{ role: invoker, members: ['allUsers'] }];
  return { version: 1, etag: Buffer.from(service.version).toString('base64'), bindings };
}

function setPolicy(
  { store, runLog, ledger, clock }: Pick<Platform, 'store' | 'runLog' | 'ledger' | 'clock'>,
  service: ServiceRecord,
  { body, caller }: RestCall,
): Answer<object> {
  const read = Policy.safeParse(body);
  if (!read.success) return refuse('INVALID_ARGUMENT', 'policy: its bindings cannot be read.');
  const { bindings } = read.data.policy;
  service.private = !bindings.some(({ role, members }) => role === invoker && members.includes('allUsers'));
  store.save();
  const { name, project, location, id } = service;
  ledger.add({ at: clock.now(), api: 'cloud-run', method: 'SetIamPolicy', name, detail: { private: service.private } });
  runLog.activity(
    { project, location, service: id, revision: '' },
    {
      methodName: 'google.cloud.run.v1.Services.SetIamPolicy',
      resourceName: name,
      principalEmail: principalOf(caller, project),
      userAgent: caller.userAgent,
      status: null,
    },
  );
  return answer(policyOf(service));
}
