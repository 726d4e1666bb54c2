const titles: Readonly<Record<string, string>> = {
  controlling: 'control run',
  proving: 'proving the fix',
  resting: 'waiting for a change',
  revalidating: 'checking again',
};

/** A stage's or state's name in plain words: `checkingRevisions` is `checking revisions`. */
export function stageTitle(stage: string): string {
  return titles[stage] ?? stage.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
