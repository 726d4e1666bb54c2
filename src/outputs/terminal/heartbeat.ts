import { durationWords } from '../facts/instant.ts';
import type { Activity } from './activity.ts';

const heartbeatMs = 15_000;

/** For a log file or a CI page: a line now and then while a stage works, so that silence means that something hangs. */
export function heartbeat({ write, now }: { write: (text: string) => void; now: () => Date }): Activity {
  let text = '';
  let timer: NodeJS.Timeout | undefined;
  return {
    begin: (what) => {
      const sinceMs = now().getTime();
      text = '';
      clearInterval(timer);
      timer = setInterval(() => {
        const elapsed = durationWords(now().getTime() - sinceMs);
        write(`… ${what}, ${elapsed}${text === '' ? '' : `: ${text}`}\n`);
      }, heartbeatMs).unref();
    },
    progress: (what) => {
      text = what;
    },
    print: write,
    end: () => clearInterval(timer),
  };
}
