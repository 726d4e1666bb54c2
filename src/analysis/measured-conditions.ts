import { z } from 'zod';
import { SuiteSigns } from '../core/evidence-rules/suite-signs.ts';
import { spreadOf } from '../core/percentiles.ts';
import { judgeConditions, type Measured, type PhaseConditions, type Slo } from '../core/phase-conditions.ts';
import type { ConditionResult, RunRecord, SuiteResult } from '../core/record.ts';

/** A stored artefact by its evidence id: of a run, or of a folder that is replayed. */
export type ReadEvidence = (id: string) => Promise<{ readonly kind: string; readonly text: string } | null>;

const Attempt = z.object({ id: z.string(), signs: SuiteSigns.optional() });
const Request = z.object({
  url: z.string(),
  status: z.int(),
  userAgent: z.string(),
  latencyMs: z.number().nullable(),
});
const Requests = z.object({ entries: z.array(z.object({ request: Request.nullable() })) });
type Request = z.infer<typeof Request>;

/** A socket's entry lasts as long as the conversation: that is no latency. */
const switchingProtocols = 101;

/** The conditions of a phase's gate, measured in what the run stored, never in what it remembers. */
export async function phaseConditions(
  phase: string,
  suites: readonly SuiteResult[],
  pipeline: { readonly phases: readonly { readonly name: string; readonly conditions?: PhaseConditions }[] },
  record: Pick<RunRecord, 'health' | 'causes'>,
  read: ReadEvidence,
): Promise<ConditionResult[]> {
  const asked = pipeline.phases.find((one) => one.name === phase)?.conditions;
  if (asked === undefined) return [];
  const measured = new Map<Slo, Measured>();
  for (const slo of asked.slo) {
    const of = suites.filter((suite) => slo.suite === undefined || suite.name === slo.suite);
    measured.set(slo, slo.from === 'probe' ? probed(slo, of, record) : await stored(slo, of, read));
  }
  return judgeConditions(asked, { suites, health: record.health, causes: record.causes, measured });
}

/** Percentiles of several checks cannot be joined: the worst one counts, with the samples of all. */
function probed({ metric }: Slo, suites: readonly SuiteResult[], { health }: Pick<RunRecord, 'health'>): Measured {
  const roles = new Map(suites.flatMap((suite) => Object.entries(suite.roles)));
  const rows = health.filter((row) => row.dependency === null && roles.get(row.service) === row.role);
  const spreads = rows.flatMap((row) => row.latencyMs ?? []);
  const values = spreads.flatMap((spread) => (metric === 'p50' || metric === 'p95' ? spread[metric] : []));
  return {
    value: values.length === 0 ? null : Math.max(...values),
    n: spreads.reduce((sum, spread) => sum + spread.n, 0),
    evidence: rows.flatMap((row) => row.evidence),
  };
}

async function stored(slo: Slo, suites: readonly SuiteResult[], read: ReadEvidence): Promise<Measured> {
  const attempts: z.infer<typeof Attempt>[] = [];
  const requests = new Map<string, Request[]>();
  const evidence = new Set<string>();
  for (const id of suites.flatMap((suite) => suite.evidence)) {
    const artefact = await read(id);
    if (artefact?.kind === 'attempt') attempts.push(Attempt.parse(JSON.parse(artefact.text)));
    // One artefact holds the requests of all suites of the phase.
    if (artefact?.kind === 'requests')
      requests.set(
        id,
        Requests.parse(JSON.parse(artefact.text)).entries.flatMap((entry) => entry.request ?? []),
      );
    if (artefact?.kind === (slo.from === 'report' ? 'attempt' : 'requests')) evidence.add(id);
  }
  const ids = [...evidence];
  if (slo.from === 'report') return { ...reportedValue(slo.metric, attempts), evidence: ids };
  const own = [...requests.values()]
    .flat()
    .filter((one) => attempts.some(({ id }) => one.userAgent.includes(`attempt ${id}`)))
    .filter((one) => slo.path === undefined || pathOf(one.url).startsWith(slo.path));
  return { ...requestValue(slo.metric, own), evidence: ids };
}

function requestValue(metric: string, requests: readonly Request[]): Pick<Measured, 'value' | 'n'> {
  if (metric === 'errorRate') {
    const errors = requests.filter(({ status }) => status >= 500).length;
    // Rounded up to a tenth: a rate of errors is never shown better than it is.
    const percent = Math.ceil((errors * 1000) / Math.max(1, requests.length)) / 10;
    return { value: requests.length === 0 ? null : percent, n: requests.length };
  }
  const plain = requests.filter(({ status }) => status !== switchingProtocols);
  const spread = spreadOf(plain.flatMap(({ latencyMs }) => latencyMs ?? []));
  return { value: spread === null ? null : metric === 'p50' ? spread.p50 : spread.p95, n: spread?.n ?? 0 };
}

function reportedValue(metric: string, attempts: readonly z.infer<typeof Attempt>[]): Pick<Measured, 'value' | 'n'> {
  const found = attempts.flatMap(({ signs }) => {
    if (metric !== 'p50' && metric !== 'p95') return signs?.properties?.filter(({ name }) => name === metric) ?? [];
    return signs?.durations ? [{ largest: signs.durations[metric], n: signs.durations.n }] : [];
  });
  const n = found.reduce((sum, one) => sum + one.n, 0);
  return { value: n === 0 ? null : Math.max(...found.map(({ largest }) => largest)), n };
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}
