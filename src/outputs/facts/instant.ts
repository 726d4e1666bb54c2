const instant = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/;

/** `2026-11-20 19:08:01Z`; a text that is no UTC instant stays as it is. */
export function utcTime(at: string): string {
  return at.replace(instant, '$1 $2Z');
}

/** A length of time for people: `850 ms`, `26.4 s`, `3 min 12 s`, `2 h 5 min`, `9 d 3 h`. A negative one is a clock error. */
export function durationWords(ms: number): string {
  if (ms < 0) return 'clock error (negative)';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return pair(seconds, 60, 'min', 's');
  const minutes = Math.floor(seconds / 60);
  return minutes < 48 * 60 ? pair(minutes, 60, 'h', 'min') : pair(Math.floor(minutes / 60), 24, 'd', 'h');
}

/** How old something is, in whole seconds below a minute. A negative age is a clock error, never fresh. */
export function ageWords(seconds: number): string {
  return seconds >= 0 && seconds < 59.5 ? `${Math.round(seconds)} s` : durationWords(seconds * 1000);
}

/** Null when one of both is not known. */
export function lasted(from: string, to: string | null): string | null {
  return to === null ? null : durationWords(Date.parse(to) - Date.parse(from));
}

function pair(total: number, per: number, big: string, small: string): string {
  const rest = total % per;
  return rest === 0 ? `${Math.floor(total / per)} ${big}` : `${Math.floor(total / per)} ${big} ${rest} ${small}`;
}
