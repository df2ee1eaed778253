import { describe, expect, it } from "vitest";
import { z } from "zod";
import { errorOf } from "../../test/support/calls.js";
import { answer, calling, clientOf, eventsOf, tool } from "../../test/support/tool-calls.js";
import { LIMITS } from "../core/values/limits.js";
import { settled, VirtualClock } from "../testing/virtual-clock.js";
import { costReaches, roundsReach, toolCalled } from "./stop-when.js";
import { defineTool, type ToolContext } from "./tool.js";

const types = (events: readonly { type: string }[]) => events.map(({ type }) => type);

describe("the events of a run of tools", () => {
  it("are those of the model and of the tools, round by round, and end with run-end", async () => {
    const { client } = clientOf(calling(["add", '{"a":1}']), answer);
    const events = await eventsOf(client.runTools("?", [tool("add", () => 3)]));
    expect(types(events)).toEqual([
      ...["round-start", "start", "part-start", "tool-call-delta", "part-end", "finish"],
      ...["tool-start", "tool-end", "round-end"],
      ...["round-start", "start", "part-start", "text-delta", "part-end", "finish", "round-end", "run-end"],
    ]);
    expect(events.filter(({ type }) => type.startsWith("tool-") && type !== "tool-call-delta")).toEqual([
      { type: "tool-start", round: 1, id: "add-0", name: "add", arguments: { a: 1 } },
      {
        type: "tool-end",
        round: 1,
        id: "add-0",
        name: "add",
        result: { type: "tool-result", id: "add-0", name: "add", content: "3" },
      },
    ]);
    expect(events.at(-1)).toMatchObject({ outcome: "answered", round: 2, pending: [] });
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  });

  it("arrive while the result is awaited, too", async () => {
    const { client, model } = clientOf(calling(["add"]), answer);
    const run = client.runTools("?", [tool("add", () => 3)]);
    const [result, events] = await Promise.all([run, eventsOf(run)]);
    expect(result.response.text).toBe("done");
    expect(events.at(-1)?.type).toBe("run-end");
    expect(await run.result()).toBe(result);
    expect(model.calls).toBe(2);
  });

  it("cannot be read twice, nor after the run was awaited", async () => {
    const { client } = clientOf(answer);
    const run = client.runTools("?", []);
    await eventsOf(run);
    expect((await errorOf(eventsOf(run))).code).toBe("CONFIG_ERROR");
    const awaited = client.runTools("?", []);
    await awaited;
    expect((await errorOf(eventsOf(awaited))).message).toMatch(/result\(\)/);
  });

  it("do not begin before they are read", async () => {
    const { client, model } = clientOf(answer);
    const run = client.runTools("?", []);
    await settled();
    expect(model.calls).toBe(0);
    const pieces: string[] = [];
    for await (const text of run.text) pieces.push(text);
    expect([pieces, model.calls]).toEqual([["done"], 1]);
  });

  it("are lines of JSON for a browser, with a safe error at the end", async () => {
    const { client } = clientOf(calling(["add"]), { error: { code: "AUTH_FAILED", message: "sk-secret" } });
    const lines = await new Response(client.runTools("?", [tool("add", () => 3)]).toReadableStream()).text();
    const events = lines
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string });
    expect(types(events)).toContain("tool-end");
    expect(events.at(-1)).toMatchObject({ type: "error", error: { code: "AUTH_FAILED" } });
    expect(lines).not.toContain("sk-secret");
  });

  it("contain the progress of generators and functions; the return value is the result", async () => {
    const { client, model } = clientOf(calling(["generates"], ["reports"], ["last"]), answer);
    const events = await eventsOf(
      client.runTools("?", [
        tool("generates", async function* () {
          yield { percent: 50 };
          yield { percent: 99 };
          return "whole";
        }),
        tool("reports", (_, { progress }) => {
          progress("half");
          return "all";
        }),
        tool("last", async function* () {
          yield "one";
          yield "two";
        }),
      ]),
    );
    const progress = events.flatMap((event) =>
      event.type === "tool-progress" ? [[event.name, event.progress]] : [],
    );
    expect(progress).toHaveLength(5);
    expect(progress).toContainEqual(["generates", { percent: 99 }]);
    expect(progress).toContainEqual(["reports", "half"]);
    expect(model.requests[1]?.messages.at(-1)?.content).toMatchObject([
      { content: "whole" },
      { content: "all" },
      { content: "two" },
    ]);
  });

  it("wait for a slow reader: neither a model nor a generator gets far ahead", async () => {
    const text = Array.from({ length: 4 * LIMITS.waitingEvents }, () => "x");
    const { client, model } = clientOf(calling(["many"]), { text });
    let yielded = 0;
    const many = tool("many", async function* () {
      for (; yielded < 4 * LIMITS.waitingEvents; yielded++) yield yielded;
      return "all";
    });
    let read = 0;
    for await (const event of client.runTools("?", [many])) {
      if (event.type === "tool-progress" && ++read === 10) {
        await settled();
        expect(yielded).toBeLessThan(LIMITS.waitingEvents + 20);
      }
      if (event.type === "text-delta" && ++read === yielded + 10) {
        await settled();
        expect(model.paused).toBe(true);
      }
    }
    expect(read).toBe(8 * LIMITS.waitingEvents);
  });

  it("stop the model and the tools when the loop is left", async () => {
    const silent = clientOf({ text: "a", silent: true });
    const run = silent.client.runTools("?", []);
    for await (const event of run) if (event.type === "text-delta") break;
    await settled();
    expect(silent.model.aborted).toBe(1);
    expect(await errorOf(run)).toMatchObject({ code: "CANCELLED", message: expect.stringMatching(/left/) });

    const { client } = clientOf(calling(["deaf"]), answer);
    let signal: AbortSignal | undefined;
    const deaf = tool("deaf", (_, context) => {
      signal = context.signal;
      return new Promise(() => {});
    });
    const left = client.runTools("?", [deaf]);
    for await (const event of left) if (event.type === "tool-start") break;
    expect(signal?.aborted).toBe(true);
    expect(await errorOf(left)).toMatchObject({ code: "CANCELLED", toolRun: { state: { round: 1 } } });
  });

  it("close a generator that runs when the run is aborted", async () => {
    const { client } = clientOf(calling(["endless"]), answer);
    const abort = new AbortController();
    let closed = false;
    const endless = tool("endless", async function* () {
      try {
        for (;;) yield await Promise.resolve(1);
      } finally {
        closed = true;
      }
    });
    const run = client.runTools("?", [endless], { signal: abort.signal });
    const error = errorOf(
      (async () => {
        for await (const event of run) if (event.type === "tool-progress") abort.abort();
      })(),
    );
    expect(await error).toMatchObject({ code: "CANCELLED" });
    await settled();
    expect(closed).toBe(true);
  });
});

describe("a run of tools", () => {
  it("counts the usage and the cost of all its answers", async () => {
    const usage = { inputTokens: 10, outputTokens: 2, cachedInputTokens: 4 };
    const { client } = clientOf({ ...calling(["t"]), usage }, { ...answer, usage });
    const prices = { cost: () => 0.25, price: () => undefined };
    const events = await eventsOf(client.runTools("?", [tool("t", () => 1)], { prices }));
    const total = { inputTokens: 20, outputTokens: 4, cachedInputTokens: 8 };
    expect(events.at(-1)).toMatchObject({ usage: total, usageStatus: "final", cost: 0.5 });
    expect(events.find(({ type }) => type === "round-end")).toMatchObject({ usage, cost: 0.25 });
    const unpriced = await client.runTools("?", []);
    expect(unpriced.cost).toBeUndefined();
  });

  it("stops after a round if a condition holds, with a history to continue from", async () => {
    const { client } = clientOf(calling(["t"]), calling(["u"]), answer);
    const tools = [tool("t", () => 1), tool("u", () => 2)];
    const run = await client.runTools("?", tools, { stopWhen: [roundsReach(9), toolCalled("u")] });
    expect([run.outcome, run.rounds.length]).toEqual(["stopped", 2]);
    expect(run.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant", "tool"]);
    const more = await client.runTools({ resume: run.state as never }, tools);
    expect([more.outcome, more.response.text, more.rounds.length]).toEqual(["answered", "done", 0]);
  });

  it("stops when its cost reaches a limit or is unknown", async () => {
    const { client } = clientOf(calling(["t"]));
    const options = { stopWhen: costReaches(1), maxRounds: 9 };
    const prices = { cost: () => 0.4, price: () => undefined };
    expect((await client.runTools("?", [tool("t", () => 1)], { ...options, prices })).rounds).toHaveLength(3);
    expect((await client.runTools("?", [tool("t", () => 1)], options)).rounds).toHaveLength(1);
  });

  it("takes changes for one round: the model, the tools, the messages and fields of the request", async () => {
    const { client, model } = clientOf(calling(["t"], ["u"]), answer);
    const tools = [tool("t", () => 1), tool("u", () => 2)];
    const { messages, rounds } = await client.runTools("?", tools, {
      prepareRound: ({ round }) =>
        round === 1
          ? { model: "small", tools: ["t", tool("v", () => 3)], temperature: 0 }
          : { messages: [{ role: "user", content: "in short" }] },
    });
    expect(model.requests[0]).toMatchObject({ model: "small", temperature: 0 });
    expect(model.requests[0]?.tools?.map((one) => (one as { name: string }).name)).toEqual(["t", "v"]);
    expect(rounds[0]?.results[1]).toMatchObject({ isError: true, content: expect.stringContaining('"u"') });
    expect(model.requests[1]).toMatchObject({ messages: [{ content: "in short" }] });
    expect(model.requests[1]?.model).toBeUndefined();
    expect(messages[0]?.content).toBe("?");
  });

  it.each([
    [false, 1],
    [2, 2],
    [true, 4],
  ])("with parallel %s runs %s calls at the same time", async (parallel, most) => {
    const { client } = clientOf(calling(["t"], ["t"], ["t"], ["t"]), answer);
    let running = 0;
    let peak = 0;
    const t = tool("t", async () => {
      peak = Math.max(peak, ++running);
      await Promise.resolve();
      running--;
    });
    await client.runTools("?", [t], { parallel });
    expect(peak).toBe(most);
  });

  it("limits the time of a tool, then informs the model and aborts the tool's signal", async () => {
    const clock = new VirtualClock();
    const { client } = clientOf(calling(["slow"], ["slower"]), answer);
    const signals: AbortSignal[] = [];
    const never = (_: unknown, { signal }: ToolContext) => {
      signals.push(signal);
      return new Promise(() => {});
    };
    const run = client.runTools("?", [tool("slow", never, { timeoutMs: 50 }), tool("slower", never)], {
      clock,
      toolTimeoutMs: 100,
    });
    const done = run.result();
    await settled();
    await clock.advance(50);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    await clock.advance(50);
    const { rounds } = await done;
    expect(rounds[0]?.results.map(({ content }) => content)).toEqual([
      "The tool did not end within 50 ms",
      "The tool did not end within 100 ms",
    ]);
  });

  it("lets onError change what the model reads of a failure, or end the run", async () => {
    const bad = tool("bad", () => {
      throw new Error("password=1");
    });
    const { client } = clientOf(calling(["bad"], ["none"]), answer);
    const seen: string[] = [];
    const { rounds } = await client.runTools("?", [bad], {
      onError: ({ reason, message }) => {
        seen.push(reason);
        return message.includes("password") ? "The tool is out of order" : undefined;
      },
    });
    expect(seen.sort()).toEqual(["threw", "unknown-tool"]);
    expect(rounds[0]?.results).toMatchObject([
      { isError: true, content: "The tool is out of order" },
      { isError: true, content: expect.stringContaining("There is no tool") },
    ]);
    const ended = await errorOf(
      clientOf(calling(["bad"])).client.runTools("?", [bad], {
        onError: ({ error }) => {
          throw error;
        },
      }),
    );
    expect(ended).toMatchObject({ code: "CONFIG_ERROR", message: expect.stringContaining("onError") });
  });

  it("gives tools their typed context, and parts to the model", async () => {
    const { client } = clientOf(calling(["who"]), answer);
    const who = defineTool({
      name: "who",
      parameters: z.object({}),
      execute: (_, { context, messages }: ToolContext<{ user: string }>) => [
        { type: "text", text: `${context.user}, ${messages.length}` },
        { type: "image", url: "https://x.test/a.png" },
      ],
    });
    const { rounds } = await client.runTools("?", [who], { toolContext: { user: "ada" } });
    expect(rounds[0]?.results[0]?.content).toMatchObject([{ text: "ada, 1" }, { type: "image" }]);
    // @ts-expect-error the tool needs a context
    client.runTools("?", [who]);
  });
});
