import { type Answer, answer, refuse } from '../answer.ts';
import { writableFields } from './spec.ts';

type Tree = Record<string, unknown>;

/**
 * The stored fields with those of the mask taken from the request; an empty mask takes all that a client may set. Paths
 * may go into messages (`scaling.min_instance_count`) and be written in either case.
 */
export function applyMask(stored: Tree, given: Tree, paths: readonly string[]): Answer<Tree> {
  if (paths.length === 0 || paths.includes('*')) return answer({ ...stored, ...given });
  let merged = stored;
  for (const path of paths) {
    const parts = path.split('.').map(toCamel);
    if (!writableFields.some((field) => field === parts[0])) {
      return refuse('INVALID_ARGUMENT', `update_mask path '${path}' is not a field of Service that can be changed.`);
    }
    const next = setAt(merged, given, parts);
    if (next === null) return refuse('INVALID_ARGUMENT', `update_mask path '${path}' does not exist.`);
    merged = next;
  }
  return answer(merged);
}

/** Null when the path leads through something that is no message. */
function setAt(stored: Tree, given: Tree, [head = '', ...rest]: readonly string[]): Tree | null {
  if (rest.length === 0) return { ...stored, [head]: given[head] };
  const [inner, wanted] = [stored[head] ?? {}, given[head] ?? {}];
  if (!isTree(inner) || !isTree(wanted) || !(rest[0] !== undefined && (rest[0] in inner || rest[0] in wanted)))
    return null;
  const next = setAt(inner, wanted, rest);
  return next === null ? null : { ...stored, [head]: next };
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toCamel(part: string): string {
  return part.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
