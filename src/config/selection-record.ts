import type { RunRecord } from '../core/record.ts';
import { type Selection, selectionSha256 } from './focus.ts';

/** A selection as the record keeps it; its artefact is cited where it is stored. */
export function selectionRecord(selection: Selection): NonNullable<RunRecord['selection']> {
  const { words, partial, suites, impact } = selection;
  return {
    focus: [...words],
    partial,
    suites: suites.map(({ name, phase, selected, because, tests, order }) => ({
      ...{ name, phase, selected, because },
      tests: tests === null ? null : [...tests],
      order: order === null ? null : { ...order },
    })),
    impact: impact === null ? null : changeOf(impact),
    sha256: selectionSha256(selection),
    evidence: [],
  };
}

function changeOf({ from, to, paths, more, uncovered, unknown }: NonNullable<Selection['impact']>) {
  return { from: { ...from }, to, paths: [...paths], more, uncovered, unknown };
}
