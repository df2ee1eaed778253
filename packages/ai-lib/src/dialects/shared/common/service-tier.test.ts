import { describe, expect, it } from "vitest";
import { loadDialects } from "../../../../test/laws/lost-fields.js";
import { encodedBy } from "../../../../test/support/encoded.js";
import type { JsonObject } from "../../../core/values/json.js";

/** What each dialect sends for a tier; a text is the code of its warning where it sends nothing, or something else. */
type Row = readonly [sent: JsonObject, warned?: string];
const openai = (standard: string): Record<string, Row> => ({
  flex: [{ service_tier: "flex" }],
  standard: [{ service_tier: standard }],
  priority: [{ service_tier: "priority" }],
  fast: [{ service_tier: "fast" }],
});
const none: Row = [{}, "unsupported"];
const TABLE: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  "openai-chat": openai("default"),
  "openai-responses": openai("default"),
  "mistral-chat": openai("standard"),
  "anthropic-messages": {
    flex: none,
    standard: [{ service_tier: "standard_only" }],
    priority: [{ service_tier: "auto" }, "changed"],
    fast: [{ speed: "fast" }],
  },
  gemini: {
    flex: [{ serviceTier: "flex" }],
    standard: [{ serviceTier: "standard" }],
    priority: [{ serviceTier: "priority" }],
    fast: none,
  },
  "bedrock-converse": {
    flex: [{ serviceTier: { type: "flex" } }],
    standard: [{ serviceTier: { type: "default" } }],
    priority: [{ serviceTier: { type: "priority" } }],
    fast: [{ performanceConfig: { latency: "optimized" } }],
  },
  "cohere-chat": { flex: none, standard: none, priority: none, fast: none },
  "ollama-chat": { flex: none, standard: none, priority: none, fast: none },
};
const FIELDS = ["service_tier", "serviceTier", "speed", "performanceConfig"];

describe("a service tier", async () => {
  const dialects = await loadDialects();
  const rows = dialects.flatMap((dialect) =>
    Object.entries(TABLE[dialect.id] ?? {}).map(([tier, row]) => ({ tier, dialect, row, id: dialect.id })),
  );

  it("has a row for each dialect", () => {
    expect(Object.keys(TABLE).sort()).toEqual(dialects.map(({ id }) => id).sort());
  });

  it.each(rows)("$tier is sent to $id in its own word, and read back", ({ tier, dialect, row }) => {
    const [sent, warned] = row;
    const { http, body, fields } = encodedBy(
      dialect.client,
      { serviceTier: tier, maxTokens: 9 },
      { provider: "p", model: "m" },
    );
    expect(
      Object.fromEntries(FIELDS.filter((name) => name in body).map((name) => [name, body[name]])),
    ).toEqual(sent);
    expect(fields).toEqual(warned === undefined ? [] : [`${warned} serviceTier`]);
    const read = dialect.server.decode(http).request;
    if (warned === undefined) expect(read).toMatchObject({ serviceTier: tier });
    expect(read).not.toHaveProperty("extensions");
  });

  it.each([
    "openai-chat",
    "openai-responses",
    "anthropic-messages",
    "gemini",
    "bedrock-converse",
    "mistral-chat",
  ])("in a vendor's own word is sent to %s unchanged", (id) => {
    const dialect = dialects.find((one) => one.id === id);
    if (dialect === undefined) throw new Error("unknown dialect");
    const { http, fields } = encodedBy(
      dialect.client,
      { serviceTier: "scale" },
      { provider: "p", model: "m" },
    );
    expect(fields).toEqual([]);
    expect(dialect.server.decode(http).request.serviceTier).toBe("scale");
  });
});
