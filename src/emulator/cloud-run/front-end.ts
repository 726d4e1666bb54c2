import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Unwelcome } from './invoker-check.ts';
import type { RequestEntry, Source } from './run-log.ts';

/** An instance for one request; `done` when the request is over. */
export interface Entrance {
  /** Connected to the app. */
  readonly socket: Socket;
  readonly source: Source;
  readonly timeoutMs: number;
  done(): void;
}

export interface ProxyOptions {
  readonly port: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** Whose requests these are when there is no instance to say it. */
  readonly owner: Source;
  /** Why this caller is not let in; null when it is. */
  check(request: IncomingMessage): Unwelcome | null;
  /** Null when no instance is there. */
  enter(): Promise<Entrance | null>;
  log(source: Source, entry: RequestEntry): void;
  /** Called for every request: the emulator is not idle. */
  touch(): void;
}

/** What Cloud Run writes into the entry of a request that reached no working instance. */
export const noInstanceText =
  'The request was aborted because there was no available instance. Additional troubleshooting documentation can be found at: https://cloud.google.com/run/docs/troubleshooting#abort-request';
export const brokenText =
  'The request failed because either the HTTP response was malformed or connection to the instance had an error. Additional troubleshooting documentation can be found at: https://cloud.google.com/run/docs/troubleshooting#malformed-response-or-connection-error';
export const tooLongText =
  'The request has been terminated because it has reached the maximum request timeout. To change this limit, see https://cloud.google.com/run/docs/configuring/request-timeout';

/** The front end names itself in the `server` header, as Cloud Run's does. */
export const frontEndName = 'loop emulator';

/** The status of a request whose caller went away. */
export const callerGone = 499;
