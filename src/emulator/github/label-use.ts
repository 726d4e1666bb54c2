import { z } from 'zod';
import { type Answer, validationFailed } from './answer.ts';
import { type LabelRecord, type RepositoryRecord, takeId } from './records.ts';

/** Labels in a body: names, or objects with a name. */
export const labelNames = z.array(
  z
    .union([z.string(), z.object({ name: z.string() })])
    .transform((label) => (typeof label === 'string' ? label : label.name)),
);

const labelCharactersMax = 50;
const labelsMax = 100;
const colorDefault = 'ededed';

export function refuseLabels(names: readonly string[]): Answer | null {
  const bad = names.find((name) => name.trim() === '' || name.length > labelCharactersMax);
  if (bad === undefined && names.length <= labelsMax) return null;
  const message =
    bad === undefined
      ? `at most ${labelsMax} labels are allowed`
      : 'name is blank or too long (maximum is 50 characters)';
  return validationFailed({ resource: 'Label', code: 'custom', field: 'name', message });
}

/** The names as the repository writes them; a label that it does not have is made, as GitHub does. Capitals do not tell labels apart. */
export function useLabels(draft: RepositoryRecord, names: readonly string[]): string[] {
  return [...new Set(names.map((name) => (findLabel(draft, name) ?? addLabel(draft, { name })).name))];
}

export function findLabel(record: RepositoryRecord, name: string): LabelRecord | undefined {
  return record.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}

export function addLabel(
  draft: RepositoryRecord,
  facts: { name: string; color?: string | undefined; description?: string | null | undefined },
): LabelRecord {
  const { name, color = colorDefault, description = null } = facts;
  const label = { id: takeId(draft), name, color, description };
  draft.labels.push(label);
  return label;
}
