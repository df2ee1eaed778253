import { describe, expect, it } from "vitest";
import { NotLoaded, OnDemand } from "./on-demand.js";

describe("code on demand", () => {
  it("throws what loads it, and is there afterwards", async () => {
    const part = new OnDemand("sums", async () => (a: number, b: number) => a + b);
    const missing = catching(() => part.get());
    expect(missing).toBeInstanceOf(NotLoaded);
    await (missing as NotLoaded).load();
    expect(part.get()(1, 2)).toBe(3);
  });

  it("is there without a load once it was provided", () => {
    const part = new OnDemand<string>("words", () => Promise.reject(new Error("never asked")));
    part.provide("here");
    expect(part.get()).toBe("here");
  });

  it("says what could not be loaded, and loads it at the next try", async () => {
    let online = false;
    const part = new OnDemand("tools", async () => {
      if (!online) throw new TypeError("Failed to fetch dynamically imported module");
      return "tools";
    });
    await expect(part.load()).rejects.toMatchObject({
      code: "NETWORK_ERROR",
      local: true,
      message:
        "The part of ai-lib for tools could not be loaded: Failed to fetch dynamically imported module",
    });
    online = true;
    await part.load();
    expect(part.get()).toBe("tools");
  });
});

function catching(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
