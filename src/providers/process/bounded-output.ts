type OutputStream = 'stdout' | 'stderr';

interface Chunk {
  readonly stream: OutputStream;
  readonly bytes: Buffer;
}

export interface BoundedOutput {
  add(stream: OutputStream, bytes: Buffer): void;
  /** What was kept, in the order in which it came; of one stream or of both. */
  read(stream?: OutputStream): Buffer;
  readonly truncated: boolean;
}

/**
 * Keeps the first and the last half of at most `bytesMax`: a runner's summary stands at the end, the cause often at the start.
 * Where something is left out, one line in the middle says how many bytes.
 */
export function boundedOutput(bytesMax: number): BoundedOutput {
  const headMax = Math.ceil(bytesMax / 2);
  const tailMax = bytesMax - headMax;
  const head: Chunk[] = [];
  const tail: Chunk[] = [];
  let headBytes = 0;
  let tailBytes = 0;
  let droppedBytes = 0;

  function addToTail(chunk: Chunk): void {
    tail.push(chunk);
    tailBytes += chunk.bytes.length;
    let oldest = tail[0];
    while (oldest && tailBytes - oldest.bytes.length >= tailMax) {
      tail.shift();
      tailBytes -= oldest.bytes.length;
      droppedBytes += oldest.bytes.length;
      oldest = tail[0];
    }
  }

  function leftOut(): number {
    return droppedBytes + Math.max(0, tailBytes - tailMax);
  }

  return {
    add(stream, bytes) {
      const first = bytes.subarray(0, headMax - headBytes);
      if (first.length > 0) head.push({ stream, bytes: first });
      headBytes += first.length;
      if (bytes.length > first.length) addToTail({ stream, bytes: bytes.subarray(first.length) });
    },
    read(stream) {
      const overhang = Math.max(0, tailBytes - tailMax);
      const kept = tail.map((chunk, at) => (at === 0 ? { ...chunk, bytes: chunk.bytes.subarray(overhang) } : chunk));
      const gap = leftOut() === 0 ? [] : [Buffer.from(`\n[… ${leftOut()} bytes left out …]\n`)];
      return Buffer.concat([...bytesOf(head, stream), ...gap, ...bytesOf(kept, stream)]);
    },
    get truncated() {
      return leftOut() > 0;
    },
  };
}

function bytesOf(chunks: readonly Chunk[], stream: OutputStream | undefined): Buffer[] {
  return chunks.filter((chunk) => stream === undefined || chunk.stream === stream).map((chunk) => chunk.bytes);
}
