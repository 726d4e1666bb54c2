const callsPerHour = 5000;

/** GitHub's rate-limit headers, counted truly; nobody is refused. */
export function countCalls(clock: () => Date): () => Record<string, string> {
  let used = 0;
  let resetAtSeconds = 0;
  return () => {
    const nowSeconds = Math.floor(clock().getTime() / 1000);
    if (nowSeconds >= resetAtSeconds) {
      used = 0;
      resetAtSeconds = nowSeconds + 3600;
    }
    used += 1;
    return {
      'x-ratelimit-limit': String(callsPerHour),
      'x-ratelimit-remaining': String(Math.max(0, callsPerHour - used)),
      'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(resetAtSeconds),
      'x-ratelimit-resource': 'core',
    };
  };
}
