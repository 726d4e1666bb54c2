/** Log clocks and ours differ a little: requests just before the first start are not missed for it. */
export const clockMarginMs = 2_000;

/** Without the requests of the same attempt before it was begun again: what a crash voided proves nothing of what came after. */
export function requestsSince<E extends { readonly at?: string | undefined }>(
  entries: readonly E[],
  startedAt: string | undefined,
): E[] {
  if (startedAt === undefined) return [...entries];
  const from = Date.parse(startedAt) - clockMarginMs;
  return entries.filter(({ at }) => at === undefined || Date.parse(at) >= from);
}
