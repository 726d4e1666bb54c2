const lookEveryMs = 10_000;

export interface IdleWatch {
  /** Something asked for us. */
  touch(): void;
  stop(): void;
}

/** Calls `onIdle` once when nothing touched it for that long. */
export function watchIdle(idleMs: number, onIdle: () => void): IdleWatch {
  let last = performance.now();
  const timer = setInterval(
    () => {
      if (performance.now() - last < idleMs) return;
      clearInterval(timer);
      onIdle();
    },
    Math.min(lookEveryMs, idleMs / 2),
  );
  timer.unref();
  return {
    touch() {
      last = performance.now();
    },
    stop: () => clearInterval(timer),
  };
}
