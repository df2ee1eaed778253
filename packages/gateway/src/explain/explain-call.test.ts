import { describe, expect, it } from "vitest";
import { makePlan } from "../config/plan.js";
import { parseText } from "../config/source.js";
import { type Explained, refusalOfAll } from "./explain.js";
import { explainCall } from "./explain-call.js";

const text = `
routes:
  chat: { failover: [anthropic, openai] }
  translated: { use: openai, bytes: false }
`;

async function explain(model: string, source = text) {
  const environment = { OPENAI_API_KEY: "sk-test", ANTHROPIC_API_KEY: "sk-test" };
  const prices = { price: () => undefined, cost: () => undefined };
  const { table, config } = await makePlan(parseText("gateway.yaml", source, "r1"), { environment, prices });
  const body = { messages: [{ role: "user", content: "Hello" }], max_tokens: 20, logit_bias: { "1": 3 } };
  return (await explainCall({ table, config, dialect: "openai-chat", model, body })).answer;
}

/** The providers that a call may reach, with the number of fields that each loses. */
function leaves({ target, members = [] }: Explained): readonly (readonly [string, boolean, boolean])[] {
  return target === undefined
    ? members.flatMap(leaves)
    : [[target.provider, target.bytes, target.losses.length > 0]];
}

describe("an explained call", () => {
  it("loses nothing where the client's bytes pass, and names what a translation loses", async () => {
    expect(leaves((await explain("chat")).explained)).toEqual([
      ["anthropic", false, true],
      ["openai", true, false],
    ]);
    expect(leaves((await explain("translated")).explained)).toEqual([["openai", false, true]]);
  });

  it("estimates tokens, with the most that the answer may have", async () => {
    const { explained } = await explain("translated");
    expect(explained.target?.estimate).toMatchObject({ outputTokens: 20 });
  });

  it("is refused where every member is skipped or refused", () => {
    const skipped: Explained = { name: "one", reason: "", skipped: "its circuit is open", members: [] };
    expect(refusalOfAll({ name: "all", reason: "", members: [skipped, skipped] })).toBe(
      "one: its circuit is open",
    );
    expect(refusalOfAll({ name: "all", reason: "", members: [skipped, { name: "two", reason: "" }] })).toBe(
      undefined,
    );
  });

  it("refuses a model that leads nowhere", async () => {
    const source = "providers: { anthropic: {} }";
    await expect(explain("no-such-model", source)).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
  });
});
