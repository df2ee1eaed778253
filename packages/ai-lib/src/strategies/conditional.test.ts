import { describe, expect, it } from "vitest";
import { errorOf, failing, request } from "../../test/support/calls.js";
import type { ChatRequest } from "../core/values/chat-request.js";
import { scripted } from "../testing/scripted.js";
import { conditional } from "./conditional.js";
import { failover } from "./failover.js";
import { roundRobin } from "./round-robin.js";
import { tagged } from "./tagged.js";

const picture = {
  messages: [
    {
      role: "user" as const,
      content: [{ type: "image" as const, url: "https://example.com/a.png", mediaType: "image/png" }],
    },
  ],
};

describe("conditional", () => {
  it("asks the first member whose condition holds, then the others of which it holds", async () => {
    const busy = failing("long", { code: "OVERLOADED", message: "no" });
    const strategy = conditional([
      { provider: busy, when: (call) => call.kind === "chat" && call.request.maxTokens === 9 },
      { provider: scripted("other"), when: () => false },
      scripted("rest"),
    ]);
    expect((await strategy.chat(request)).provider).toBe("rest");
    expect(busy.calls).toBe(0);
    const response = await strategy.chat({ ...request, maxTokens: 9 });
    expect([busy.calls, response.provider]).toEqual([1, "rest"]);
  });

  it("fails locally if no condition holds, so that an outer strategy moves on", async () => {
    const strategy = conditional([{ provider: scripted("a"), when: () => false }]);
    expect(await errorOf(strategy.chat(request))).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
    expect((await failover([strategy, scripted("b")]).chat(request)).provider).toBe("b");
  });

  it("ends with a classified error if a condition throws", async () => {
    const strategy = conditional([
      {
        provider: scripted("a"),
        when: () => {
          throw new Error("boom");
        },
      },
    ]);
    expect(await errorOf(strategy.chat(request))).toMatchObject({ code: "CONFIG_ERROR", message: "boom" });
    const chain = failover([failing("x", { code: "OVERLOADED", message: "no" }), strategy, scripted("b")]);
    expect(await errorOf(chain.chat(request))).toMatchObject({ code: "CONFIG_ERROR" });
  });

  it("refuses a condition that is not a function, and invalid members", () => {
    expect(() => conditional([{ provider: scripted("a"), when: true as never }])).toThrow(/condition/);
    expect(() => conditional([{ provider: scripted("a"), when: () => true, weigth: 1 } as never])).toThrow(
      /"weigth"/,
    );
    expect(() => conditional("a" as never)).toThrow(/array/);
    expect(() => conditional(["groq"] as never)).toThrow(/the text "groq"/);
    expect(() => conditional([null] as never)).toThrow(/Member 0 of conditional is no provider/);
  });
});

describe("tagged", () => {
  const members = () => [
    { provider: scripted("a"), tags: ["us", "cheap"] },
    { provider: scripted("b"), tags: ["eu"] },
    { provider: scripted("c"), tags: ["eu", "cheap"] },
  ];
  it("asks the members that bear every tag which a call wants", async () => {
    const strategy = tagged(members(), {
      want: ({ request }) => (request as ChatRequest).user?.split(" ") ?? [],
    });
    const provider = async (user?: string) =>
      (await strategy.chat(user === undefined ? request : { ...request, user })).provider;
    expect([await provider(), await provider("eu"), await provider("cheap eu")]).toEqual(["a", "b", "c"]);
    expect((await errorOf(strategy.chat({ ...request, user: "mars" }))).message).toContain('tagged "mars"');
  });
  it("refuses to do without `want`", () => {
    expect(() => tagged(members(), {} as never)).toThrow(/want/);
  });
});

describe("the option capable", () => {
  const blind = () => scripted({ name: "blind", facts: { input: ["text"] } });
  it("skips a member that is known to lack something, and says so in the attempt log", async () => {
    const seeing = scripted({ name: "seeing", facts: { input: ["text", "image"] } });
    const response = await failover([blind(), seeing], { capable: true }).chat(picture);
    expect(response.attempts).toMatchObject([
      { outcome: "skipped", target: { provider: "blind" }, message: "takes no image input" },
      { outcome: "success", target: { provider: "seeing" } },
    ]);
    expect((await failover([blind(), seeing], { capable: true }).chat(request)).provider).toBe("blind");
  });

  it("asks a member of which nothing is known", async () => {
    expect((await failover([blind(), scripted("unknown")], { capable: true }).chat(picture)).provider).toBe(
      "unknown",
    );
  });

  it("skips a member whose window is too small for the prompt", async () => {
    const small = scripted({ name: "small", facts: { contextWindow: 1_000 } });
    const large = scripted({ name: "large", facts: { contextWindow: 9_000 } });
    const long = { messages: [{ role: "user" as const, content: "x".repeat(8_000) }] };
    expect((await failover([small, large], { capable: true }).chat(long)).provider).toBe("large");
  });

  it("says what each member lacks if none is left, locally, so that an outer strategy moves on", async () => {
    const error = await errorOf(failover([blind()], { name: "mine", capable: true }).chat(picture));
    expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
    expect(error.message).toBe(
      "mine: no member can take this call. Passed over blind: takes no image input.",
    );
  });

  it("goes by the facts of the model that the member is asked for", async () => {
    const facts = (model: string | undefined) => ({ tools: model === "tools" });
    const one = scripted({ name: "one", facts });
    const strategy = failover(
      [
        { provider: one, model: "plain" },
        { provider: one, model: "tools" },
      ],
      { capable: true },
    );
    const tools = [{ type: "function" as const, name: "f", parameters: { type: "object" } }];
    expect((await strategy.chat({ ...request, tools })).model).toBe("tools");
  });

  it("is an option of every strategy, and sees into nested ones", async () => {
    const nested = roundRobin([blind(), scripted({ name: "blind too", facts: { input: ["text"] } })]);
    const seeing = scripted({ name: "seeing", facts: { input: ["text", "image"] } });
    const strategy = roundRobin([nested, seeing], { capable: true });
    for (let i = 0; i < 3; i++) expect((await strategy.chat(picture)).provider).toBe("seeing");
  });
});
