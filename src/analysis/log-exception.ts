import { firstLine } from './log-template.ts';

export interface LoggedException {
  readonly className: string;
  /** First line of its message; empty where it has none. */
  readonly message: string;
}

/** How much of a text is searched: a stack trace's cause stands within it, and hostile text stays cheap. */
const charsMax = 64 * 1024;

/**
 * The exception that a text tells of. Of a chain the innermost names the cause: the last `Caused by` (Java) or
 * `[cause]` (Node), the first traceback (Python prints the cause first). Null when the text names none.
 */
export function exceptionOf(text: string): LoggedException | null {
  const searched = text.slice(0, charsMax);
  return lastNestedCause(searched) ?? firstTraceback(searched) ?? firstNamed(searched);
}

function lastNestedCause(text: string): LoggedException | null {
  const last = [...text.matchAll(/^[ \t]*(?:Caused by: |\[cause\]: )([\w.$]{1,200})(?: \[\w+\])?(?:: ?(.*))?/gm)].at(
    -1,
  );
  return last ? { className: lastName(last[1]), message: firstLine(last[2] ?? '') } : null;
}

function firstTraceback(text: string): LoggedException | null {
  const start = text.indexOf('Traceback (most recent call last)');
  if (start < 0) return null;
  const raised = /\n(?=\S)([\w.]{1,200})(?::[ \t]*(.*))?/.exec(text.slice(start));
  return raised ? { className: lastName(raised[1]), message: firstLine(raised[2] ?? '') } : null;
}

function firstNamed(text: string): LoggedException | null {
  const named = /(?<![\w$])(?:[\w$]{1,80}\.){0,12}((?:[A-Z][\w$]{0,80})?(?:Error|Exception))(?: \[\w+\])?: (.*)/.exec(
    text,
  );
  if (named) return { className: named[1] ?? 'Error', message: firstLine(named[2] ?? '') };
  const panic = /^panic: (.*)/m.exec(text);
  return panic ? { className: 'panic', message: firstLine(panic[1] ?? '') } : null;
}

function lastName(dotted: string | undefined): string {
  return dotted?.split('.').at(-1) || 'Error';
}
