import type { TestCase } from '../../core/test-report.ts';
import { drain } from '../feed.ts';
import { defaultLimits } from '../limits.ts';
import { makeProblemList } from '../problem-list.ts';
import type { ReadOptions, ReportResult } from '../report-format.ts';
import { makePlacing } from '../report-paths.ts';
import { makeXmlFeed } from '../xml/xml-feed.ts';
import { passedTest } from './plain-case.ts';
import { makeJUnitEvents } from './report-events.ts';

/** Reads one JUnit XML report; see `ReportFormat.read` for the contract. No entity, file or address in it is ever followed. */
export async function readJUnit(
  source: AsyncIterable<Uint8Array>,
  emit: (test: TestCase) => void,
  options: ReadOptions,
): Promise<ReportResult> {
  const limits = { ...defaultLimits, ...options.limits };
  const problems = makeProblemList(limits.problems);
  const passed = options.emitPassed ?? ((plain) => emit(passedTest(plain)));
  const emits = { test: emit, passed };
  const events = makeJUnitEvents(emits, { root: options.root, place: makePlacing(options.root), limits, problems });
  const failure = await drain(source, makeXmlFeed(events, limits, problems), options.signal);
  const facts = events.finish(failure === null);
  return failure === null ? { ok: true, ...facts } : { ok: false, failure, ...facts };
}
