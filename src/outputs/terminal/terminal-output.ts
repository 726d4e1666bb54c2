import type { LoopEventRecord } from '../../core/events.ts';
import type { RunRecord } from '../../core/record.ts';
import type { Output } from '../../ports/output.ts';
import { stageTitle } from '../facts/stage-title.ts';
import { terminalLine } from '../terminal-line.ts';
import { forgiving, type TextStream } from '../text-stream.ts';
import type { Activity } from './activity.ts';
import { closingSummary } from './closing-summary.ts';
import { colorsFor } from './color.ts';
import { heartbeat } from './heartbeat.ts';
import { liveLine } from './live-line.ts';
import { type LineStyle, noteLine, stageLine } from './stage-line.ts';

export interface TerminalOptions {
  readonly stream: TextStream;
  readonly isTTY: boolean;
  /** Asked again for each line, since a window is resized. */
  readonly columns: () => number;
  readonly color: boolean;
  readonly now: () => Date;
}

/** What was said so far, as far as the next line depends on it. */
interface Told {
  folder: string;
  cycle: number;
  working: boolean;
  /** Of the stage that works; they are printed below its line. */
  notes: string[];
  ended: Extract<LoopEventRecord, { type: 'run-ended' }> | null;
  record: RunRecord | null;
}

/**
 * For people: one line a stage when it ends, its notes below it, a live line (or a heartbeat) meanwhile, a summary at the end.
 * The summary is printed by `close`, from the last record that was given.
 */
export function terminalOutput({ stream, isTTY, columns, color, now }: TerminalOptions): Output {
  const write = forgiving(stream);
  const colors = colorsFor(color);
  const activity = isTTY ? liveLine({ write, columns, now, colors }) : heartbeat({ write, now });
  const style = (): LineStyle => ({ colors, columns: isTTY ? columns() : null });
  const told: Told = { folder: '', cycle: 1, working: false, notes: [], ended: null, record: null };
  return {
    event: (_at, event) => tell(event, told, activity, style()),
    progress: ({ text }) => activity.progress(terminalLine(text)),
    record: async (record) => {
      told.record = record;
    },
    close: async () => {
      activity.end();
      const { ended, record, folder } = told;
      const last = ended === null ? '' : closingSummary({ ended, record, folder }, style());
      activity.print(`${takeNotes(told, style())}${last}`);
      told.ended = null;
    },
  };
}

function tell(event: LoopEventRecord, told: Told, activity: Activity, style: LineStyle): void {
  switch (event.type) {
    case 'run-started':
      told.folder = event.folder;
      activity.print(opening(event, style));
      break;
    case 'stage-started':
      if (event.cycle !== told.cycle) activity.print(`${style.colors.dim(`cycle ${event.cycle}`)}\n`);
      told.cycle = event.cycle;
      told.working = true;
      activity.begin(titleOf(event));
      break;
    case 'note':
      if (told.working) told.notes.push(event.what);
      if (told.working) activity.progress(terminalLine(event.what));
      else activity.print(noteLine(event.what, style));
      break;
    case 'stage-ended':
      told.working = false;
      activity.end();
      activity.print(`${stageLine(event, style)}${takeNotes(told, style)}`);
      break;
    case 'run-ended':
      told.working = false;
      told.ended = event;
      activity.end();
      break;
  }
}

function opening(event: Extract<LoopEventRecord, { type: 'run-started' }>, { colors }: LineStyle): string {
  const how = event.resumed ? ' (resumed)' : '';
  const what = `${colors.bold(terminalLine(event.command))} · run ${terminalLine(event.run)}${how}`;
  return `${what}\n${colors.dim(terminalLine(event.folder))}\n\n`;
}

function takeNotes(told: Told, style: LineStyle): string {
  return told.notes
    .splice(0)
    .map((what) => noteLine(what, style))
    .join('');
}

function titleOf({ stage, item }: Extract<LoopEventRecord, { type: 'stage-started' }>): string {
  // Between two cycles the last cause is still in hand, but nothing is done about it.
  return item === null || stage === 'resting' ? stageTitle(stage) : `${stageTitle(stage)} ${terminalLine(item)}`;
}
