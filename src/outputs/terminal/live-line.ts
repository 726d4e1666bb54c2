import { durationWords } from '../facts/instant.ts';
import { fitWidth } from '../text-width.ts';
import type { Activity } from './activity.ts';
import type { Colors } from './color.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;
const eraseToEnd = '\u001b[K';

/** One line at the bottom of a terminal: a turning mark, the stage, its time and what it does. It never leaves a trace. */
export function liveLine(options: {
  write: (text: string) => void;
  columns: () => number;
  now: () => Date;
  colors: Colors;
}): Activity {
  const { write, columns, now, colors } = options;
  let current: { what: string; sinceMs: number; text: string } | null = null;
  let timer: NodeJS.Timeout | undefined;
  let frame = 0;

  const drawn = (): string => {
    if (current === null) return '';
    const elapsed = durationWords(Math.max(0, now().getTime() - current.sinceMs));
    const text = current.text === '' ? '' : ` · ${current.text}`;
    const line = fitWidth(`${current.what}  ${elapsed}${text}`, columns() - 3);
    return `\r${colors.cyan(frames[frame % frames.length] ?? '')} ${line}${eraseToEnd}`;
  };
  const tick = () => {
    frame += 1;
    write(drawn());
  };
  return {
    begin: (what) => {
      current = { what, sinceMs: now().getTime(), text: '' };
      clearInterval(timer);
      timer = setInterval(tick, frameMs).unref();
      write(drawn());
    },
    progress: (text) => {
      if (current !== null) current.text = text;
    },
    // One write: erased, printed and drawn again without a moment of nothing.
    print: (lines) => write(current === null ? lines : `\r${eraseToEnd}${lines}${drawn()}`),
    end: () => {
      clearInterval(timer);
      if (current !== null) write(`\r${eraseToEnd}`);
      current = null;
    },
  };
}
