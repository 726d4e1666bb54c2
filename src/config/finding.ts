/** Keys and list indexes from the top of a file. */
export type ConfigPath = readonly (string | number)[];

/** A mistake in parsed configuration, before it is known where in which file it stands. */
export interface Finding {
  readonly path: ConfigPath;
  /** Whether the key itself is wrong, or what it holds. */
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly hint?: string;
}

/** `services.backend.health[0].path` */
export function pathText(path: ConfigPath): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}
