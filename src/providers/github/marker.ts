/** GitHub takes 65,536 characters; the rest is for the marker and the sentence about the cut. */
const BODY_CHARACTERS_MAX = 65_000;
const CUT = '\n\n*The rest is left out: GitHub takes no longer text. The run’s worklog has all of it.*';
const KEY = /^[\w./:#@+-]{1,200}$/;

/** The text as it is sent: cut to what GitHub takes, the key in a hidden marker at its end. */
export function withMarker(text: string, key: string): string {
  if (!KEY.test(key)) throw new Error(`not a key for a marker: ${JSON.stringify(key)}`);
  return `${cut(normal(text))}\n\n<!-- loop:key=${key} -->`;
}

/** Key and text of a body that loop wrote. The last marker counts: ours stands behind everything that is quoted. */
export function readMarker(body: string): { key: string; text: string } | null {
  const whole = normal(body);
  const marker = [...whole.matchAll(/<!-- loop:key=([\w./:#@+-]{1,200}) -->/g)].at(-1);
  if (!marker?.[1]) return null;
  const behind = whole.slice(marker.index + marker[0].length);
  return { key: marker[1], text: normal(whole.slice(0, marker.index)) + behind };
}

/** Whether the text that is there, read without its marker, is what `text` would become. */
export function saysAlready(there: string, text: string): boolean {
  return normal(there) === cut(normal(text));
}

/** GitHub's own editor writes CRLF. */
function normal(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}

function cut(text: string): string {
  if (text.length <= BODY_CHARACTERS_MAX) return text;
  const room = BODY_CHARACTERS_MAX - CUT.length;
  // A surrogate pair is not cut in two.
  const end = /[\uD800-\uDBFF]/.test(text[room - 1] ?? '') ? room - 1 : room;
  return `${text.slice(0, end).trimEnd()}${CUT}`;
}
