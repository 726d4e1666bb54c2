import { goJson, goText } from './go.ts';
import type { LiveDialect } from './live-dialect.ts';
import { headedTree, nodeSpec, playwright, vitest } from './marks.ts';
import { nodeEvents } from './node-events.ts';
import { pytestConsole, pytestReportlog } from './pytest.ts';
import { tap } from './tap.ts';

/** The first that knows a line reads the stream from then on: precise ones first. */
export const dialects: readonly LiveDialect[] = [
  goJson,
  pytestReportlog,
  nodeEvents,
  pytestConsole,
  goText,
  tap,
  playwright,
  vitest,
  nodeSpec,
  headedTree,
];
