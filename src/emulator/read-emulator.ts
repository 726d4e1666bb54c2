import { request } from 'node:http';
import { z } from 'zod';
import { fail, type Result, succeed } from '../core/result.ts';
import { isAlive } from './process-group.ts';
import { type EmulatorState, emulatorProtocol, readEmulatorState, stateFiles } from './state.ts';

const answerMsMax = 2000;

/** What `loop` needs to talk to a running emulator. */
export interface EmulatorInfo extends EmulatorState {
  readonly urls: {
    readonly run: string;
    readonly logging: string;
    readonly github: string;
    readonly control: string;
  };
}

export type EmulatorPresence =
  | { readonly state: 'running'; readonly info: EmulatorInfo }
  /** Its process is there and does not answer: starting, stopping, or stuck. */
  | { readonly state: 'silent'; readonly info: EmulatorInfo }
  | { readonly state: 'stopped' };

/** Looks who runs in the state folder. `unreadable`: the file is not ours; `conflict`: an emulator of another protocol runs. */
export async function readEmulator(stateFolder: string, signal: AbortSignal): Promise<Result<EmulatorPresence>> {
  const read = readEmulatorState(stateFolder);
  if (read.state === 'absent') return succeed({ state: 'stopped' });
  if (read.state === 'unreadable') {
    const { emulator } = stateFiles(stateFolder);
    return fail('unreadable', `${emulator}: ${read.because}`, `remove ${stateFolder} to start the emulator afresh`);
  }
  const { pid, pidStartedAt, protocol, version } = read.value;
  if (!isAlive({ pid, startedAt: pidStartedAt })) return succeed({ state: 'stopped' });
  if (protocol !== emulatorProtocol) {
    return fail(
      'conflict',
      `The running emulator (version ${version}, process ${pid}) speaks protocol ${protocol}, this loop speaks ${emulatorProtocol}.`,
      'stop it with `loop emulate --stop` and run the command again',
    );
  }
  const info = describe(read.value);
  const reply = await askControl(info, 'GET', '/', signal);
  const overview = reply === null ? undefined : Overview.safeParse(reply.body).data;
  if (reply?.status === 200 && overview?.pid === pid) return succeed({ state: 'running', info });
  return succeed({ state: 'silent', info });
}

const Overview = z.object({ pid: z.number(), protocol: z.number() });

export function describe(state: EmulatorState): EmulatorInfo {
  const url = (port: number) => `http://127.0.0.1:${port}`;
  const { grpc, control, github } = state.ports;
  return { ...state, urls: { run: url(grpc), logging: url(grpc), github: url(github), control: url(control) } };
}

/** One request to the control API; null when nobody answers it in time. */
export function askControl(
  { ports, token }: Pick<EmulatorState, 'ports' | 'token'>,
  method: 'GET' | 'POST',
  path: string,
  signal: AbortSignal,
): Promise<{ status: number; body: unknown } | null> {
  return new Promise((resolve) => {
    const options = {
      host: '127.0.0.1',
      port: ports.control,
      method,
      path,
      timeout: answerMsMax,
      agent: false as const,
    };
    const call = request({ ...options, signal, headers: { authorization: `Bearer ${token}` } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parse(text) }));
      response.on('error', () => resolve(null));
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(null));
    call.end();
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
