import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { systemClock } from "../core/contract/clock.js";
import { nodeTransport } from "./transport-node.js";

const SECRET = "s3cret-value-of-another-variable";

describe("what a node transport shows of itself", () => {
  it("has neither its environment nor its proxy's password, as JSON or by inspect", () => {
    const several = [
      nodeTransport({ environment: { OTHER: SECRET, HTTPS_PROXY: `http://user:${SECRET}@127.0.0.1:1` } }),
      nodeTransport({ proxy: `http://user:${SECRET}@127.0.0.1:1` }),
    ];
    for (const transport of several) {
      const flow = transport.open(
        {
          method: "POST",
          url: `https://127.0.0.1:1/?key=${SECRET}`,
          headers: {},
          body: "{}",
          connectMs: 1000,
          clock: systemClock,
        },
        { head() {}, data() {}, end() {}, fail() {} },
      );
      flow.abort();
      expect(JSON.stringify(transport)).not.toContain(SECRET);
      expect(inspect(transport, { depth: 10, showHidden: true })).not.toContain(SECRET);
    }
  });
});
