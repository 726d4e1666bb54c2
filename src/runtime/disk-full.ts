/** Whether this is a disk that takes no more: nobody's bug. SQLite says it in words that are the same in every binding. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ['ENOSPC', 'EROFS', 'EDQUOT'].includes(code) || error.message === 'database or disk is full';
}
