import type { Cause, Fix, Published, RunRecord } from '../../core/record.ts';

/** Keys of issues, pull requests and branches carry the fingerprint of the cause that they are about. */
export function publishedAbout(record: RunRecord, cause: Pick<Cause, 'fingerprint'>): Published[] {
  return record.published.filter((one) => one.key.split(/[^\w]+/).includes(cause.fingerprint));
}

export function fixesOf(record: RunRecord, cause: Pick<Cause, 'fingerprint'>): Fix[] {
  return record.fixes.filter((fix) => fix.cause === cause.fingerprint);
}

/** `backend/events.js:14`; null when no place in a file is known. */
export function place({ path, line }: { path: string | null; line: number | null }): string | null {
  if (path === null) return null;
  return line === null ? path : `${path}:${line}`;
}

export const publishedNoun: Readonly<Record<Published['kind'], string>> = {
  issue: 'issue',
  comment: 'comment on',
  pull: 'pull request',
  close: 'issue',
};

/** What was done to it; `none` means that it was there already and says the same. */
export function actionWords(one: Pick<Published, 'action'>): string {
  return one.action === 'none' ? 'unchanged' : one.action;
}
