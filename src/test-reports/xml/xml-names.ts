const start =
  ':A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';
const name = new RegExp(`[${start}][${start}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040]*`, 'uy');

/** Where the XML name that begins at `from` ends; `from` itself where none begins. */
export function nameEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 128) return slowNameEnd(text, from);
    if (!isPlain(code)) break;
  }
  const first = text.charCodeAt(from);
  return first === 45 || first === 46 || (first >= 48 && first <= 57) ? from : at;
}

function isPlain(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 58) ||
    code === 45 ||
    code === 46 ||
    code === 95
  );
}

function slowNameEnd(text: string, from: number): number {
  name.lastIndex = from;
  return name.test(text) ? name.lastIndex : from;
}
