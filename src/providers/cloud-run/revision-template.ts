import type { CandidateRequest, ContainerSpec } from '../../ports/deployer.ts';
import { withGiven } from './given-settings.ts';
import { mainContainer } from './main-container.ts';
import { boundTo, withoutLoops } from './own-labels.ts';
import { withSettings } from './wanted-settings.ts';
import type { WireContainer, WireTemplate } from './wire.ts';

/**
 * The service's present settings with the request's name, labels, image, command, environment and settings. What loop gave earlier
 * and the request does not name any more goes; all else stays.
 */
export function templateFor(found: WireTemplate | null, request: CandidateRequest): WireTemplate {
  const current = withGiven(found ?? {}, request.container);
  const present = current.containers ?? [];
  const main = mainContainer(present);
  const wanted = containerFor(main ?? {}, request.container);
  const template: WireTemplate = {
    ...current,
    revision: request.revision,
    labels: { ...withoutLoops(current.labels ?? {}), ...request.labels, [boundTo]: request.revision },
    containers: main === undefined ? [wanted] : present.map((container) => (container === main ? wanted : container)),
  };
  return withSettings(template, request.container.settings);
}

function containerFor(current: WireContainer, wanted: ContainerSpec): WireContainer {
  // Arguments of an older command would be appended to the new one.
  const start = wanted.command.length > 0 ? { command: [...wanted.command], args: [] } : {};
  return { ...current, ...start, image: wanted.image, env: mergedEnv(current.env ?? [], wanted.env) };
}

/** Variables that the request does not name are kept: they may hold secrets that only the platform knows. */
function mergedEnv(
  current: readonly NonNullable<WireContainer['env']>[number][],
  wanted: Readonly<Record<string, string>>,
): NonNullable<WireContainer['env']> {
  const kept = current.filter((variable) => !Object.hasOwn(wanted, variable.name ?? ''));
  return [...kept, ...Object.entries(wanted).map(([name, value]) => ({ name, value }))];
}
