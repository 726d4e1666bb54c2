import type { EnvironmentConfig } from '../config/environment.ts';
import type { Secret } from '../core/redact.ts';
import type { Place } from './place.ts';

/** Everything whose value must never be stored or shown: what `redact:` names, what services are given, and our own tokens. */
export function knownSecrets(environment: EnvironmentConfig, place: Place): Secret[] {
  const given = Object.values(environment.services).flatMap(({ env }) =>
    Object.values(env).flatMap((value) => (typeof value === 'string' ? [] : [value.env])),
  );
  const names = [...new Set([...environment.redact, ...given])];
  return [
    ...names.map((name) => ({ name, value: place.variables[name] ?? '' })),
    { name: 'GITHUB_TOKEN', value: place.github.token },
    ...(place.googleToken === null ? [] : [{ name: 'EMULATOR_TOKEN', value: place.googleToken }]),
  ];
}
