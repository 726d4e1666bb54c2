const headBytesMax = 16 * 1024;

export interface PeekedSource {
  readonly head: Uint8Array;
  /** The whole source from its beginning; whoever takes it ends it. */
  readonly all: AsyncIterable<Uint8Array>;
  /** For who does not take it. */
  stop(): Promise<void>;
}

/** The first bytes of a source without losing them. */
export async function peekHead(source: AsyncIterable<Uint8Array>): Promise<PeekedSource> {
  const iterator = source[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < headBytesMax) {
    const next = await iterator.next();
    if (next.done) break;
    // A source may use its memory again for the next one.
    chunks.push(Uint8Array.from(next.value));
    bytes += next.value.length;
  }
  return {
    head: Buffer.concat(chunks).subarray(0, headBytesMax),
    all: restart(chunks, iterator),
    stop: async () => void (await iterator.return?.()),
  };
}

async function* restart(
  chunks: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
