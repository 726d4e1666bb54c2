import type { ReportFailure } from '../core/test-report.ts';
import { decodeHead } from './decode.ts';
import { jsonHead } from './json/json-head.ts';
import { firstMarkup } from './xml/xml-prolog.ts';

/** Why no format knows a file that begins like this. `names` are those that were asked. */
export function unknownFormat(head: Uint8Array, names: readonly string[]): ReportFailure {
  const text = decodeHead(head);
  if (text.trim() === '') {
    const message = head.length === 0 ? 'the report has 0 bytes' : 'the report is blank';
    const hint = 'the runner was stopped before it wrote its report, or wrote it elsewhere';
    return { reason: 'empty', message, hint };
  }
  if (firstMarkup(text).is === 'conflict' || /^(?:<{7}|>{7}) /m.test(text)) {
    const message = 'the file holds merge conflict markers';
    return { reason: 'conflict-markers', message, hint: 'run the suite again' };
  }
  const message = `the report's format is not known: ${beginning(head, text)}`;
  return { reason: 'unknown-format', message, hint: `loop reads: ${names.join(', ')}` };
}

const keysShown = 4;
const nameCharsMax = 40;
const lineCharsMax = 80;

/** What a person recognises the file by. A longer line is left out and not cut: half of a secret would not be known as one. */
function beginning(head: Uint8Array, text: string): string {
  const first = firstMarkup(text);
  if (first.is === 'element') return `it begins with <${first.name.slice(0, lineCharsMax)}>`;
  const keys = [...jsonHead(head)].filter((key) => /^[\w -]+$/.test(key) && key.length <= nameCharsMax);
  if (keys.length > 0) return `it is JSON with ${keys.slice(0, keysShown).map(quoted).join(', ')}`;
  const line =
    text
      .split('\n')
      .find((one) => /[\p{L}\p{N}]/u.test(one))
      ?.trim() ?? '';
  if (line === '' || line.length > lineCharsMax || /[\p{Cc}\uFFFD]/u.test(line))
    return 'its beginning is none that loop knows';
  return `it begins with ${quoted(line)}`;
}

function quoted(text: string): string {
  return `"${text}"`;
}
