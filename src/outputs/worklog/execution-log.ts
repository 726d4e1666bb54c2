import { inlineText } from '../../core/markdown-text.ts';
import type { RunRecord } from '../../core/record.ts';
import { utcTime } from '../facts/instant.ts';
import { stageTitle } from '../facts/stage-title.ts';
import { prose } from './prose.ts';
import { linkNumbers } from './published.ts';
import { bullets } from './section.ts';

export function executionLog(record: RunRecord): string {
  if (record.log.length === 0) return 'No step was taken yet.';
  return bullets(
    ...record.log.map(
      (line) =>
        `${utcTime(line.at)} **${inlineText(stageTitle(line.stage))}** ${linkNumbers(record, prose(line.what))}`,
    ),
  );
}
