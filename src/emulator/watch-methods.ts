import type { Answer } from './answer.ts';
import type { Caller } from './caller.ts';
import type { UnaryMethods } from './grpc-server.ts';
import type { Parts } from './parts.ts';

/** Called with the outcome of a call that took place, a refused one too. */
export type Audit = (method: string, message: unknown, caller: Caller, outcome: Answer<object>) => void;

/** The same methods, each of which first meets the faults of tests and then tells the audit how it ended. */
export function watchMethods(
  { faults, touch }: Pick<Parts, 'faults' | 'touch'>,
  methods: UnaryMethods,
  audit: Audit = () => {},
): UnaryMethods {
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      async (message: unknown, caller: Caller) => {
        touch();
        const fault = faults.meet(name, resourceOf(message));
        // A hanging call ends with its connection, or at the caller's own deadline.
        if (fault === 'hang') return new Promise<never>(() => {});
        const outcome = fault ?? (await method(message, caller));
        audit(name, message, caller, outcome);
        return outcome;
      },
    ]),
  );
}

/** The full name of what a message is about; empty when it names none. */
export function resourceOf(message: unknown): string {
  const { name, service, parent, serviceId } = (message ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof name === 'string') return name;
  if (typeof service === 'object' && service !== null && 'name' in service && service.name !== '')
    return String(service.name);
  if (typeof parent !== 'string') return '';
  return typeof serviceId === 'string' ? `${parent}/services/${serviceId}` : parent;
}
