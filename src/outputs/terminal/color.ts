import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/** NO_COLOR wins, then FORCE_COLOR, then whether somebody looks at a terminal that can. */
export function wantsColor({ env, isTTY }: { env: NodeJS.ProcessEnv; isTTY: boolean }): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTTY && env.TERM !== 'dumb';
}

export function colorsFor(color: boolean): Colors {
  return pc.createColors(color);
}
