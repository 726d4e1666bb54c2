/** Who calls a method, as the audit entries tell it. */
export interface Caller {
  /** The account that the caller says it acts as; null is the emulator's own. */
  readonly principalEmail: string | null;
  readonly userAgent: string;
  /** v1 is what `gcloud run` speaks: its entries name other methods and resources. */
  readonly api: 'v1' | 'v2';
}

/** A test names another account in this header (or gRPC metadata) to act as someone else. */
export const principalHeader = 'x-loop-principal';

const textMax = 500;

export function makeCaller(api: Caller['api'], principal: unknown, userAgent: unknown): Caller {
  const email = typeof principal === 'string' ? principal.slice(0, textMax) : '';
  return { api, principalEmail: email || null, userAgent: String(userAgent ?? '').slice(0, textMax) };
}
