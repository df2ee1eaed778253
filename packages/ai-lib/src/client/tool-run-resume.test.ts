import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/calls.js";
import { answer, calling, clientOf, eventsOf, tool } from "../../test/support/tool-calls.js";
import { repairHistory } from "../core/kinds/chat/repair-history.js";
import type { Message } from "../core/values/message.js";
import type { ToolRunState } from "../core/values/tool-run.js";

/** A state as another process receives it. */
const stored = (state: ToolRunState | undefined): ToolRunState => JSON.parse(JSON.stringify(state));

/** A history in which every call has its result, right behind it. */
const isWhole = (messages: readonly Message[]) => repairHistory(messages) === messages;

describe("a call that waits for approval", () => {
  const tools = (ran: string[]) => [
    tool("read", () => ran.push("read")),
    tool("delete", () => ran.push("delete")),
  ];
  const approve = ({ name }: { name: string }) => (name === "delete" ? "pause" : true);

  it("pauses the run; another process decides and continues", async () => {
    const { client, model } = clientOf(calling(["read"], ["delete"]), answer);
    const ran: string[] = [];
    const run = client.runTools({ messages: [{ role: "user", content: "?" }], temperature: 0 }, tools(ran), {
      approve,
    });
    const events = await eventsOf(run);
    const paused = await run;
    expect(paused).toMatchObject({
      outcome: "paused",
      pending: [{ id: "delete-1", name: "delete", arguments: {}, needs: "approval" }],
    });
    expect(isWhole(paused.messages)).toBe(true);
    expect(ran).toEqual(["read"]);
    expect(events.filter(({ type }) => type.startsWith("approval"))).toEqual([
      { type: "approval-request", round: 1, id: "delete-1", name: "delete", arguments: {} },
    ]);
    expect(events.at(-1)).toMatchObject({ type: "run-end", outcome: "paused", pending: paused.pending });

    const resumed = client.runTools(
      { resume: stored(paused.state), approvals: { "delete-1": true } },
      tools(ran),
      { approve },
    );
    const more = await eventsOf(resumed);
    expect(ran).toEqual(["read", "delete"]);
    expect((await resumed).response.text).toBe("done");
    expect(more.filter(({ type }) => type === "approval")).toHaveLength(1);
    expect(model.requests[1]).toMatchObject({ temperature: 0, messages: { length: 3 } });
    expect(model.requests[1]?.messages[2]?.content).toHaveLength(2);
  });

  it("that is denied is reported to the model as an error, with the reason", async () => {
    const { client } = clientOf(calling(["delete"]), answer);
    const ran: string[] = [];
    const { rounds } = await client.runTools("?", tools(ran), {
      approve: async () => ({ approved: false, reason: "not on Fridays" }),
    });
    expect(ran).toEqual([]);
    expect(rounds[0]?.results).toMatchObject([
      { isError: true, content: expect.stringMatching(/denied.*not on Fridays/) },
    ]);
  });

  it("shows the request and the decision where the function decides later", async () => {
    const { client } = clientOf(calling(["delete"]), answer);
    const events = await eventsOf(client.runTools("?", tools([]), { approve: async () => true }));
    expect(events.filter(({ type }) => type.startsWith("approval"))).toMatchObject([
      { type: "approval-request" },
      { type: "approval", approved: true },
    ]);
  });

  it("stays pending without a decision, and a decision applies to its round only", async () => {
    const { client } = clientOf(calling(["delete"]), calling(["delete"]), answer);
    const ran: string[] = [];
    const first = await client.runTools("?", tools(ran), { approve: "pause" });
    const same = await client.runTools({ resume: stored(first.state) }, tools(ran), { approve: "pause" });
    expect([same.outcome, ran]).toEqual(["paused", []]);
    const second = await client.runTools(
      { resume: stored(same.state), approvals: { "delete-0": true } },
      tools(ran),
      { approve: "pause" },
    );
    expect([second.outcome, ran]).toEqual(["paused", ["delete"]]);
  });

  it.each([undefined, 1, "yes", { approved: "yes" }, { ok: true }])(
    "does not run if the decision is %j",
    async (decision) => {
      const { client } = clientOf(calling(["delete"]), answer);
      const ran: string[] = [];
      const error = await errorOf(client.runTools("?", tools(ran), { approve: () => decision as never }));
      expect(error).toMatchObject({
        code: "CONFIG_ERROR",
        toolRun: { state: { open: { results: [null] } } },
      });
      expect(ran).toEqual([]);
    },
  );
});

describe("a tool whose code is elsewhere", () => {
  it("pauses the run, which continues with the results of the caller", async () => {
    const { client } = clientOf(calling(["here"], ["there"], ["declared"]), answer);
    const tools = [tool("here", () => "a"), tool("there")];
    const declared = { type: "function" as const, name: "declared", parameters: { type: "object" } };
    const paused = await client.runTools(
      { messages: [{ role: "user", content: "?" }], tools: [declared] },
      tools,
    );
    expect(paused.pending.map(({ name, needs }) => [name, needs])).toEqual([
      ["there", "result"],
      ["declared", "result"],
    ]);
    const results = { "there-1": { seen: true }, "declared-2": "yes" };
    const { rounds, response } = await client.runTools({ resume: stored(paused.state), results }, tools);
    expect(rounds[0]?.results.map(({ content }) => content)).toEqual(["a", '{"seen":true}', "yes"]);
    expect(response.text).toBe("done");
  });
});

describe("a run that failed", () => {
  const failure = { error: { code: "OVERLOADED" as const, message: "busy" } };

  it("keeps the conversation and the totals on its error, and continues from there", async () => {
    const usage = { inputTokens: 5, outputTokens: 1 };
    const { client, model } = clientOf({ ...calling(["t"]), usage }, failure, { ...answer, usage });
    let runs = 0;
    const tools = [tool("t", () => ++runs)];
    const { toolRun } = await errorOf(client.runTools("?", tools, { maxRepeats: 0 }));
    expect(toolRun).toMatchObject({ usage, rounds: { length: 1 }, messages: { length: 3 } });
    expect(isWhole(toolRun?.messages ?? [])).toBe(true);
    const run = await client.runTools({ resume: stored(toolRun?.state) }, tools);
    expect([run.response.text, runs, run.usage.inputTokens]).toEqual(["done", 1, 10]);
    expect(model.requests[2]?.messages).toEqual(toolRun?.messages);
  });

  it("within a round of tools keeps the results so far and runs only the others again", async () => {
    const { client } = clientOf(calling(["quick"], ["deaf"]), answer);
    const abort = new AbortController();
    const runs = { quick: 0, deaf: 0 };
    const tools = [
      tool("quick", () => ++runs.quick),
      tool("deaf", () => (++runs.deaf === 1 ? new Promise(() => {}) : "heard")),
    ];
    const run = client.runTools("?", tools, { signal: abort.signal });
    const error = await errorOf(
      (async () => {
        for await (const event of run) if (event.type === "tool-end") abort.abort();
      })(),
    );
    expect(error.toolRun?.state.open?.results.map((result) => result?.content)).toEqual(["1", undefined]);
    expect(isWhole(error.toolRun?.messages ?? [])).toBe(true);
    const { rounds } = await client.runTools({ resume: stored(error.toolRun?.state) }, tools);
    expect(rounds[0]?.results.map(({ content }) => content)).toEqual(["1", "heard"]);
    expect(runs).toEqual({ quick: 1, deaf: 2 });
  });

  it("counts the usage of a broken answer", async () => {
    const { client } = clientOf({ text: "half an answer", cut: true });
    const error = await errorOf(eventsOf(client.runTools("?", [], { maxRepeats: 0 })));
    expect(error.toolRun?.usage.outputTokens).toBeGreaterThan(0);
    expect(error.toolRun?.usageStatus).toBe("estimated");
    expect(error.toolRun?.messages).toHaveLength(1);
  });

  it("shows no conversation when the error is serialized", async () => {
    const { client } = clientOf(failure);
    const error = await errorOf(client.runTools("secret words", [], { maxRepeats: 0 }));
    expect(JSON.stringify(error)).not.toContain("secret words");
  });
});

it.each([
  ["nothing", null],
  ["another object", { type: "chat" }],
  ["a later version", { type: "tool-run", version: 2 }],
  ["a damaged state", { type: "tool-run", version: 1, request: {}, round: 0 }],
])("refuses to resume %s", async (_, state) => {
  const { client, model } = clientOf(answer);
  expect((await errorOf(client.runTools({ resume: state as never }, []))).code).toBe("INVALID_REQUEST");
  expect(model.calls).toBe(0);
});
