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
  const given = Object.values(urls).flatMap((url) => hostOf(url) ?? []);
  return [...new Set([...given, ...asked, ...suite.hosts])].toSorted();
}
