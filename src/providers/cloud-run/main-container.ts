import type { WireContainer } from './wire.ts';

/** The container that gets the requests: the one with a port where there are sidecars, else the first. */
export function mainContainer(containers: readonly WireContainer[] | null | undefined): WireContainer | undefined {
  return containers?.find((container) => (container.ports ?? []).length > 0) ?? containers?.[0];
}
