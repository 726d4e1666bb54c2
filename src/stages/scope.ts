import type { EnvironmentConfig } from '../config/environment.ts';
import type { Selection } from '../config/focus.ts';
import type { SuiteConfig } from '../config/pipeline.ts';

/** The services that a suite needs: its own, those it names, and what these need in turn. In the order of the config; dependencies are left out. */
export function servicesOf(suite: SuiteConfig, services: EnvironmentConfig['services']): string[] {
  const wanted = new Set<string>();
  const add = (name: string) => {
    if (wanted.has(name)) return;
    wanted.add(name);
    for (const needed of services[name]?.needs ?? []) add(needed);
  };
  for (const name of [suite.service, ...suite.needs]) add(name);
  return Object.keys(services).filter((name) => wanted.has(name));
}

/** The dependencies that a suite needs: those it names, and those of the services that it needs. In the order of the config. */
export function dependenciesOf(
  suite: SuiteConfig,
  { services, dependencies }: Pick<EnvironmentConfig, 'services' | 'dependencies'>,
): string[] {
  const needed = servicesOf(suite, services).flatMap((name) => services[name]?.needs ?? []);
  const wanted = new Set([...suite.needs, ...needed]);
  return Object.keys(dependencies).filter((name) => wanted.has(name));
}

/** The dependencies that this run is about. */
export function dependenciesInScope(
  selection: Selection,
  environment: Pick<EnvironmentConfig, 'services' | 'dependencies'>,
): string[] {
  const suites = selection.phases.flatMap((phase) => phase.suites.filter((suite) => suite.selected));
  const wanted = new Set(suites.flatMap((suite) => dependenciesOf(suite.config, environment)));
  return Object.keys(environment.dependencies).filter((name) => wanted.has(name));
}

/** The services that this run is about. */
export function servicesInScope(selection: Selection, services: EnvironmentConfig['services']): string[] {
  const suites = selection.phases.flatMap((phase) => phase.suites.filter((suite) => suite.selected));
  const wanted = new Set(suites.flatMap((suite) => servicesOf(suite.config, services)));
  return Object.keys(services).filter((name) => wanted.has(name));
}

/** Services in groups that can be deployed at once: each group needs only the ones before it. */
export function inOrderOfNeeds(names: readonly string[], services: EnvironmentConfig['services']): string[][] {
  const groups: string[][] = [];
  const placed = new Set<string>();
  let left = [...names];
  while (left.length > 0) {
    const next = left.filter((name) =>
      (services[name]?.needs ?? []).every((need) => placed.has(need) || !names.includes(need)),
    );
    // The config refuses circles; should one slip through, the rest goes together rather than never.
    const group = next.length > 0 ? next : left;
    for (const name of group) placed.add(name);
    groups.push(group);
    left = left.filter((name) => !placed.has(name));
  }
  return groups;
}
