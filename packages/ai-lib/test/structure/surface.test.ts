import * as root from "ai-lib";
import { ProviderFactory } from "ai-lib";
import * as builders from "ai-lib/builders";
import * as kit from "ai-lib/kit";
import * as resilience from "ai-lib/resilience";
import * as strategies from "ai-lib/strategies";
import { describe, expect, it } from "vitest";
import { isTest, readSources } from "./source.js";

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

describe("strategies and wrappers", () => {
  const code = [...readSources("src/strategies"), ...readSources("src/resilience"), ...readSources("src/kit")]
    .filter((source) => !isTest(source))
    .map(({ text }) => text)
    .join("\n");
  const functions = Object.entries({ ...strategies, ...resilience, defineStrategy: kit.defineStrategy })
    .filter(([name, value]) => typeof value === "function" && /^[a-z]/.test(name))
    .map(([name]) => name);

  it("are many", () => expect(functions.length).toBeGreaterThan(15));
  it.each(functions)("show an example in the hover of %s", (name) => {
    const [before] = code.split(new RegExp(`\\nexport function ${name}\\b`), 1);
    const comment = before?.slice(before.lastIndexOf("/**")) ?? "";
    expect(comment).toContain("@example");
    expect(comment.trimEnd().endsWith("*/")).toBe(true);
  });
});
