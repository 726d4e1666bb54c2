import { isUtf8 } from 'node:buffer';

/**
 * Bytes without their secrets, in the encoding that they came in: a report in UTF-16 or windows-1252 that holds none is stored as it
 * is, and read again as it was read. `text` is for people.
 */
export function redactBytes(
  bytes: Uint8Array,
  redact: (text: string) => string,
): { readonly bytes: Uint8Array; readonly text: string } {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const order = wideOrder(content);
  if (order !== null) return redactWide(content, order, redact);
  const plain = content.toString('utf8');
  const safe = redact(plain);
  // Where it is no UTF-8, a secret is worth more than the bytes around it.
  if (isUtf8(content) || safe !== plain) return { bytes: Buffer.from(safe), text: safe };
  return { bytes: Buffer.from(redact(content.toString('latin1')), 'latin1'), text: safe };
}

type WideOrder = 'little' | 'big';

/** By its mark, or by the `<` that a report without one begins with; null where the bytes are not UTF-16. */
function wideOrder(content: Buffer): WideOrder | null {
  if (content.length % 2 === 1) return null;
  const [first, second] = content;
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'little';
  return (first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c) ? 'big' : null;
}

function redactWide(content: Buffer, order: WideOrder, redact: (text: string) => string) {
  const little = order === 'little' ? content : Buffer.from(content).swap16();
  const text = redact(little.toString('utf16le'));
  const bytes = Buffer.from(text, 'utf16le');
  return { bytes: order === 'little' ? bytes : bytes.swap16(), text };
}
