import * as root from "ai-lib";
import { ProviderFactory } from "ai-lib";
import * as builders from "ai-lib/builders";
import * as kit from "ai-lib/kit";
import { describe, expect, it } from "vitest";

describe("the root of the package", () => {
  it("exports at most 60 values", () => {
    const values = Object.keys(root);
    expect(values.length).toBeLessThanOrEqual(60);
    expect(values).toEqual(
      expect.arrayContaining([
        "AiClient",
        "AiClientBuilder",
        "CustomProviderBuilder",
        "ProviderFactory",
        "defineProvider",
        "provider",
      ]),
    );
  });

  it("has no builder of a single provider and no part of the kit: those have subpaths of their own", () => {
    const single = Object.keys(builders).filter((name) => name !== "ProviderBuilder");
    expect(single.length).toBe(ProviderFactory.ids().length);
    expect(Object.keys(root).filter((name) => name in builders)).toEqual([]);
    expect(Object.keys(root).filter((name) => name in kit && name !== "isContent")).toEqual([]);
  });
});
