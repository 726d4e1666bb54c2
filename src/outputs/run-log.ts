import type { LoopEventRecord } from '../core/events.ts';
import type { Output } from '../ports/output.ts';

/** `loop.log`: JSON lines with constant messages and facts as fields, on disk before the next step begins. */
export async function runLog({ file }: { file: string }): Promise<Output> {
  const { pino } = await import('pino');
  const destination = pino.destination({ dest: file, sync: true, mkdir: true });
  // A full disk is told by the run's files; a lost log line ends no run.
  destination.on('error', () => {});
  const log = pino({ base: null, timestamp: false, formatters: { level: (level) => ({ level }) } }, destination);
  return {
    event: (at, { type, ...facts }) =>
      log[levelOf({ type, ...facts } as LoopEventRecord)]({ at, ...facts }, messages[type]),
    close: async () => destination.end(),
  };
}

const messages: Readonly<Record<LoopEventRecord['type'], string>> = {
  'run-started': 'run started',
  'stage-started': 'stage started',
  note: 'note',
  'stage-ended': 'stage ended',
  'run-ended': 'run ended',
};

function levelOf(event: LoopEventRecord): 'info' | 'warn' {
  if (event.type === 'stage-ended') return event.ok ? 'info' : 'warn';
  return event.type === 'run-ended' && event.exitCode !== 0 ? 'warn' : 'info';
}
