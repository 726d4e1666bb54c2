import type { EnvironmentConfig } from '../config/environment.ts';
import type { SuiteConfig } from '../config/pipeline.ts';
import { hostOf } from '../core/evidence-rules/url-hosts.ts';

/** `host` or `host:port` of what a suite may talk to: the addresses it is given, the dependencies, and what it declares itself. */
export function declaredHosts(
  suite: Pick<SuiteConfig, 'hosts'>,
  urls: Readonly<Record<string, string>>,
  { dependencies }: Pick<EnvironmentConfig, 'dependencies'>,
): string[] {
  const asked = Object.values(dependencies).flatMap((one) => {
    if ('url' in one) return hostOf(one.url) ?? [];
    return 'tcp' in one ? one.tcp : [];
  });
  return [...new Set([...Object.values(givenHosts(urls)), ...asked, ...suite.hosts])].toSorted();
}

/** By service. */
export function givenHosts(urls: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(urls).flatMap(([service, url]) => {
      const host = hostOf(url);
      return host === null ? [] : [[service, host]];
    }),
  );
}
