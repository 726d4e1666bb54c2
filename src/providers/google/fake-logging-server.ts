import { createRequire } from 'node:module';
import { type Metadata, Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

export interface ListRequest {
  readonly filter: string;
  readonly pageSize: number;
  readonly pageToken: string;
  readonly authorization: string | undefined;
  readonly userAgent: string;
}

type ListAnswer = { readonly entries: readonly object[]; readonly nextPageToken: string } | { readonly code: number };

/** For tests: a gRPC server with the one method ListLogEntries, for answers that a healthy server does not give. */
export async function fakeLoggingServer(
  answer: (request: ListRequest, nth: number) => ListAnswer | null,
  port = 0,
): Promise<{
  readonly url: string;
  readonly requests: readonly ListRequest[];
  readonly close: () => void;
}> {
  const protos = createRequire(import.meta.url)('@google-cloud/logging-api/build/protos/protos.json');
  const definitions = fromJSON(protos, { longs: String, enums: String, defaults: true, oneofs: true });
  const service = definitions['google.logging.v2.LoggingServiceV2'] as ServiceDefinition;
  const requests: ListRequest[] = [];
  const server = new Server();
  server.addService(service, {
    ListLogEntries: (
      call: { request: Omit<ListRequest, 'authorization' | 'userAgent'>; metadata: Metadata },
      reply: (error: object | null, value?: object) => void,
    ) => {
      const { filter, pageSize, pageToken } = call.request;
      const authorization = call.metadata.get('authorization')[0]?.toString();
      const userAgent = String(call.metadata.get('user-agent')[0] ?? '');
      const request = { filter, pageSize, pageToken, authorization, userAgent };
      requests.push(request);
      const given = answer(request, requests.length);
      if (given === null) return;
      if ('code' in given) reply({ code: given.code, details: `told to answer ${given.code}` });
      else reply(null, given);
    },
  });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, free) =>
      error ? reject(error) : resolve(free),
    );
  });
  return { url: `http://127.0.0.1:${bound}`, requests, close: () => server.forceShutdown() };
}
