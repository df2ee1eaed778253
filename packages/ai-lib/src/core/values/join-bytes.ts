/**
 * The pieces of a body as one.
 * @param size their length in all. Default: it is added up
 */
export function joinBytes(chunks: readonly Uint8Array[], size: number = sizeOf(chunks)): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function sizeOf(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((size, chunk) => size + chunk.length, 0);
}
