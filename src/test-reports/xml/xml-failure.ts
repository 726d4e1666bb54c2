import type { ReportFailure } from '../../core/test-report.ts';

const stopped = 'the runner was killed or ran out of disk while it wrote; look at its exit code and output';

/** The XML parser's message as a refusal. `ended`: it was raised because no more input came. */
export function xmlFailure(
  message: string,
  place: { line: number; column: number },
  ended: boolean,
  text: string,
): ReportFailure {
  const said = message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
  if (/^(?:<{7}|={7}|>{7})/m.test(text)) {
    return {
      reason: 'conflict-markers',
      message: `${said}; the file holds merge conflict markers`,
      hint: 'run the suite again',
      ...place,
    };
  }
  if (said.includes('only one root')) {
    const hint = 'two runs wrote into one file; give each its own';
    return { reason: 'two-roots', message: 'a second report begins where the first one ended', hint, ...place };
  }
  if (ended) return { reason: 'truncated', message: `the report ends too early: ${said}`, hint: stopped, ...place };
  const hint = 'the report is not XML as its standard demands; see the runner or its reporter';
  return { reason: 'not-well-formed', message: said, hint, ...place };
}
