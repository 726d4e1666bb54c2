import { type Answer, answer, refuse } from '../answer.ts';

/** The projects that a request names. Folders, buckets and views exist on Google's side only. */
export function projectsOf(resourceNames: readonly string[]): Answer<ReadonlySet<string>> {
  if (resourceNames.length === 0) return refuse('INVALID_ARGUMENT', 'At least one resource name must be given.');
  for (const name of resourceNames) {
    if (/^projects\/[^/]+\/locations\//.test(name) || /^(folders|organizations|billingAccounts)\//.test(name)) {
      return refuse('UNIMPLEMENTED', `The emulator reads logs of projects only, not of '${name}'.`);
    }
    if (!/^projects\/[a-z0-9][a-z0-9-:.]*$/.test(name)) {
      return refuse('INVALID_ARGUMENT', `Invalid resource name '${name}': expected projects/[PROJECT_ID].`);
    }
  }
  return answer(new Set(resourceNames.map((name) => name.slice('projects/'.length))));
}

export function projectOf(logName: string): string {
  return logName.split('/')[1] ?? '';
}
