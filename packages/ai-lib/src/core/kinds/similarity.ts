import { invalidRequest } from "../errors/error.js";

/** A vector: numbers, or an array of floats. */
type Numbers = ArrayLike<number>;

/** One of the vectors that were searched. */
export interface Neighbour {
  /** Its place in the list. */
  readonly index: number;
  /** Cosine similarity, from -1 to 1. */
  readonly score: number;
}

/**
 * The sum of the products of two vectors. For vectors of length 1 it is their cosine similarity, and faster to compute.
 * @throws {AiLibError} `INVALID_REQUEST` for vectors of different dimensions, which come from different models.
 */
export function dotProduct(a: Numbers, b: Numbers): number {
  requireSameSize(a, b);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/**
 * The similarity of the directions of two vectors: 1 for the same, 0 for unrelated ones, -1 for opposite ones; 0 for a
 * vector of zeros. Vectors of different models cannot be compared.
 * @throws {AiLibError} `INVALID_REQUEST` for vectors of different dimensions.
 */
export function cosineSimilarity(a: Numbers, b: Numbers): number {
  requireSameSize(a, b);
  let [product, first, second] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    product += x * y;
    first += x * x;
    second += y * y;
  }
  return first === 0 || second === 0 ? 0 : product / Math.sqrt(first * second);
}

/**
 * A vector of length 1 in the same direction. Not all models return vectors of length 1, and shortened vectors do not
 * have it.
 */
export function unitVector(vector: Numbers): number[] {
  let square = 0;
  for (let i = 0; i < vector.length; i++) square += (vector[i] as number) ** 2;
  const length = Math.sqrt(square);
  return Array.from(vector, (value) => (length === 0 ? 0 : value / length));
}

/**
 * The vectors that are most similar to one, the most similar first. It compares with each, which is fast enough for
 * about ten thousand.
 * @param count how many. Default 10.
 * @throws {AiLibError} `INVALID_REQUEST` for vectors of different dimensions.
 */
export function nearest(query: Numbers, vectors: readonly Numbers[], count = 10): Neighbour[] {
  return vectors
    .map((vector, index) => ({ index, score: cosineSimilarity(query, vector) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, count);
}

function requireSameSize(a: Numbers, b: Numbers): void {
  if (a.length === b.length) return;
  throw invalidRequest(
    `Vectors of ${a.length} and of ${b.length} dimensions cannot be compared: embed both with one model and the same \`dimensions\``,
  );
}
