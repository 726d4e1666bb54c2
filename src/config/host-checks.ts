import { belongs, hostOf, hostsIn, isLoopback } from '../core/evidence-rules/url-hosts.ts';
import type { EnvironmentConfig } from './environment.ts';
import type { Finding } from './finding.ts';
import type { PipelineConfig, SuiteConfig } from './pipeline.ts';
import { ruleModes } from './rule-modes.ts';

/**
 * A suite whose own command names an address that is neither declared nor given by `loop` would test something else: it is
 * refused before the run. Services' addresses are known at run time only, and come as LOOP_URL_<SERVICE>.
 */
export function checkHosts(
  pipeline: Pick<PipelineConfig, 'rules'>,
  name: string,
  suite: SuiteConfig,
  { dependencies }: Pick<EnvironmentConfig, 'dependencies'>,
): Finding[] {
  if (ruleModes(suite, pipeline).hosts === 'off') return [];
  const declared = [...suite.hosts, ...Object.values(dependencies).flatMap(addressOf)];
  const words = typeof suite.run === 'string' ? [suite.run] : suite.run;
  return words.flatMap((word, index) =>
    [...new Set(hostsIn(word))]
      .filter((host) => !belongs(host, declared))
      .map((host): Finding => {
        const path = typeof suite.run === 'string' ? ['suites', name, 'run'] : ['suites', name, 'run', index];
        const what = isLoopback(host) ? 'this machine, not the environment' : 'not of this environment';
        const hint = `use $LOOP_URL_${suite.service.toUpperCase().replaceAll('-', '_')}, or declare it: hosts: [${host}]`;
        return { path, at: 'value', message: `the suite points at ${host}: ${what}`, hint };
      }),
  );
}

function addressOf(dependency: EnvironmentConfig['dependencies'][string]): string[] {
  if ('url' in dependency) return [hostOf(dependency.url) ?? ''];
  return 'tcp' in dependency ? [dependency.tcp] : [];
}
