import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cosineSimilarity, dotProduct, nearest, unitVector } from "./similarity.js";

const size = 4;
const vector = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: size, maxLength: size });

describe("similarity", () => {
  it("is the product of unit vectors, the same both ways, and of no length", () => {
    fc.assert(
      fc.property(vector, vector, fc.integer({ min: 1, max: 9 }), (a, b, factor) => {
        const cosine = cosineSimilarity(a, b);
        expect(cosineSimilarity(b, a)).toBe(cosine);
        expect(dotProduct(unitVector(a), unitVector(b))).toBeCloseTo(cosine, 9);
        expect(
          cosineSimilarity(
            a.map((each) => each * factor),
            b,
          ),
        ).toBeCloseTo(cosine, 9);
        expect(Math.abs(cosine)).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it("finds the most alike first", () => {
    const vectors = [[0, 1], [1, 0], Float32Array.of(1, 1), [-1, 0]];
    expect(nearest([1, 0], vectors, 3).map(({ index }) => index)).toEqual([1, 2, 0]);
    expect(nearest([1, 0], [])).toEqual([]);
    expect(cosineSimilarity([0, 0], [1, 1])).toBe(0);
  });

  it("says that vectors of different models cannot be compared", () => {
    expect(() => nearest([1], [[1, 2]])).toThrow("Vectors of 1 and of 2 dimensions cannot be compared");
  });
});
