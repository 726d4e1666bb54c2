import type { LoopEventRecord } from '../../core/events.ts';
import { durationWords } from '../facts/instant.ts';
import { stageTitle } from '../facts/stage-title.ts';
import { terminalLine } from '../terminal-line.ts';
import { padEnd, padStart, wrapWords } from '../text-width.ts';
import type { Colors } from './color.ts';

type StageEnded = Extract<LoopEventRecord, { type: 'stage-ended' }>;

const titleWidth = 20;
const timeWidth = 9;
const indent = titleWidth + timeWidth + 5;
const textWidthMin = 30;

export interface LineStyle {
  readonly colors: Colors;
  /** Null where lines are not broken. */
  readonly columns: number | null;
}

/** `✔ testing               3.2 s  phase safety: …`; a longer sentence goes on below itself. */
export function stageLine(event: StageEnded, style: LineStyle): string {
  const title = padEnd(stageTitle(event.stage), titleWidth);
  const time = style.colors.dim(padStart(durationWords(event.durationMs), timeWidth));
  return `${mark(event, style.colors)} ${title} ${time}  ${wrapped(terminalLine(event.said), indent, style)}\n`;
}

/** `  · text` */
export function noteLine(what: string, style: LineStyle): string {
  return `${style.colors.dim(`  · ${wrapped(terminalLine(what), 4, style)}`)}\n`;
}

/** Done; red for what makes the verdict bad; yellow for what a person should look at while the verdict is open or good. */
function mark({ ok, verdict }: StageEnded, colors: Colors): string {
  if (ok) return colors.green('✔');
  return verdict === null || verdict === 'GO' ? colors.yellow('●') : colors.red('✖');
}

export function wrapped(text: string, left: number, { columns }: LineStyle): string {
  if (columns === null || columns - left < textWidthMin) return text;
  return wrapWords(text, columns - left - 1).join(`\n${' '.repeat(left)}`);
}
