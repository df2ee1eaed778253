/** Reads something now, and throws a failure only to the caller of the returned function. */
export function readNow<T>(read: () => T): () => T {
  try {
    const value = read();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
