import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JoinedText } from "./joined-text.js";

describe("a joined text", () => {
  it("is its beginning and all pieces, whenever it is read", () => {
    const steps = fc.array(fc.oneof(fc.string(), fc.constant("read" as const)), { maxLength: 300 });
    fc.assert(
      fc.property(fc.string(), steps, (beginning, all) => {
        const joined = new JoinedText(beginning);
        let plain = beginning;
        for (const step of all) {
          if (step === "read") expect(joined.text).toBe(plain);
          else {
            joined.add(step);
            plain += step;
          }
        }
        expect(joined.text).toBe(plain);
      }),
    );
  });
});
