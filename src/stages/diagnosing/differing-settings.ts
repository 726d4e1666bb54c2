import type { DifferingSettings } from '../../analysis/why-chain.ts';
import type { RunRecord } from '../../core/record.ts';
import { onlySettings, sameCode } from '../../core/settings-diff.ts';

/** The settings in which candidates of these services differ from stable, with the reading that shows it. */
export function differingSettings(
  services: readonly string[],
  { deployments }: Pick<RunRecord, 'deployments'>,
): DifferingSettings[] {
  return services.flatMap((service) => {
    const of = (role: 'stable' | 'candidate') =>
      deployments.find((one) => one.service === service && one.role === role);
    const [stable, candidate] = [of('stable'), of('candidate')];
    const names = onlySettings(candidate?.settingsDiff ?? []).map(({ setting }) => setting);
    if (!stable || !candidate || names.length === 0) return [];
    return [{ service, names, sameCode: sameCode(stable, candidate), evidence: candidate.evidence.slice(-1) }];
  });
}
