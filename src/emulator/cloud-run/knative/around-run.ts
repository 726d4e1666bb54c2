import { answer } from '../../answer.ts';
import type { RestApi } from '../../rest/rest-call.ts';

/** What `gcloud run` asks before it works: is Cloud Run enabled, and may the caller open a service to everybody. */
export const aroundRunApi: RestApi = ({ method, path }) => {
  const enabled = /^\/v1\/projects\/([^/]+)\/services\/(run\.googleapis\.com)$/.exec(path);
  if (method === 'GET' && enabled !== null) {
    return Promise.resolve(answer({ name: path.slice('/v1/'.length), state: 'ENABLED' }));
  }
  // It may not: otherwise a deployment would stop and ask.
  if (method === 'POST' && /^\/v1\/projects\/[^/]+\/locations\/[^/]+\/services\/[^/]+:testIamPermissions$/.test(path)) {
    return Promise.resolve(answer({ permissions: [] }));
  }
  return null;
};
