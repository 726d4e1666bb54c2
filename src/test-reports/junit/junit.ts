import { decodeHead } from '../decode.ts';
import type { ReportFormat } from '../report-format.ts';
import { firstMarkup } from '../xml/xml-prolog.ts';
import { readJUnit } from './read-junit.ts';
import { isReportRoot } from './report-events.ts';

/** JUnit XML as surefire, pytest, jest, vitest, mocha, node, go-junit-report, gtest and many others write it. */
export const junit: ReportFormat = {
  name: 'junit',
  detect: (head) => {
    const first = firstMarkup(decodeHead(head));
    // A document type tells nothing about the format, but whatever it is, the reader refuses it with the right words.
    return first.is === 'doctype' || (first.is === 'element' && isReportRoot(first.name));
  },
  read: readJUnit,
};
