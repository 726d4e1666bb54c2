import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type Answer, answer, refuse } from '../answer.ts';
import type { Platform } from './platform.ts';
import type { OperationRecord } from './records.ts';
import { uriOf } from './service-lookup.ts';
import { operationView } from './views.ts';

const waitMsDefault = 30_000;
const lookEveryMs = 25;
const NamedRequest = z.object({ name: z.string() });
const ListOperationsRequest = z.object({ name: z.string(), filter: z.string(), pageToken: z.string() });
const Duration = z.object({ seconds: z.string(), nanos: z.number() });
const WaitOperationRequest = z.object({ name: z.string(), timeout: Duration.nullish() });

/** google.longrunning.Operations. An operation of Cloud Run cannot be cancelled, neither there nor here. */
export function operationsApi(platform: Platform) {
  const { operations } = platform.store;
  const view = (operation: OperationRecord) => operationView(operation, uriOf(platform));
  return {
    GetOperation(message: unknown): Answer<object> {
      const { name } = NamedRequest.parse(message);
      const operation = operations.get(name);
      return operation === undefined ? missing(name) : answer(view(operation));
    },
    ListOperations(message: unknown): Answer<object> {
      const request = ListOperationsRequest.parse(message);
      if (request.filter !== '') return refuse('UNIMPLEMENTED', 'ListOperations of the emulator takes no filter.');
      const all = [...operations.values()].filter(({ name }) => name.startsWith(`${request.name}/operations/`));
      return answer({ operations: all.map(view), nextPageToken: '' });
    },
    async WaitOperation(message: unknown): Promise<Answer<object>> {
      const { name, timeout } = WaitOperationRequest.parse(message);
      const waitMs = timeout == null ? waitMsDefault : Number(timeout.seconds) * 1000 + timeout.nanos / 1e6;
      const end = performance.now() + waitMs;
      while (operations.get(name)?.done === false && performance.now() < end) await sleep(lookEveryMs);
      const operation = operations.get(name);
      return operation === undefined ? missing(name) : answer(view(operation));
    },
    DeleteOperation(message: unknown): Answer<object> {
      const { name } = NamedRequest.parse(message);
      if (operations.get(name)?.done === false)
        return refuse('FAILED_PRECONDITION', `Operation '${name}' is not done.`);
      if (!operations.delete(name)) return missing(name);
      platform.store.save();
      return answer({});
    },
  };
}

function missing(name: string): Answer<object> {
  return refuse('NOT_FOUND', `Operation '${name}' does not exist.`);
}
