import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { errorOf, request } from "../../test/support/calls.js";
import { answer, calling, clientOf, eventsOf, tool } from "../../test/support/tool-calls.js";
import type { ToolResultPart } from "../core/values/message.js";
import { type ScriptedReply, scripted } from "../testing/scripted.js";
import { settled } from "../testing/virtual-clock.js";
import { AiClient } from "./ai-client.js";
import { defineTextTool, defineTool, type RunnableTool } from "./tool.js";

const contents = (results: readonly ToolResultPart[] | undefined) =>
  results?.map(({ content, isError }) => [content, isError ?? false]);

describe("a tool loop", () => {
  it("runs the tools, hands their results back, and ends with the answer", async () => {
    const { client, model } = clientOf(calling(["add", '{"a":1,"b":2}']), answer);
    const add = defineTool({
      name: "add",
      parameters: z.object({ a: z.number(), b: z.number() }),
      execute: ({ a, b }) => ({ sum: a + b }),
    });
    const { response, rounds, messages } = await client.runTools("1 + 2?", [add]);
    expect(response.text).toBe("done");
    expect(contents(rounds[0]?.results)).toEqual([['{"sum":3}', false]]);
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant"]);
    expect(model.requests[1]?.messages).toEqual(messages.slice(0, 3));
  });

  it("sends an answer back that the provider paused, without counting a round", async () => {
    const paused: ScriptedReply = { text: "searching", finishReason: "paused" };
    const { client, model } = clientOf(paused, paused, calling(["add"]), answer);
    const { response, rounds } = await client.runTools("?", [tool("add", () => 3)], { maxRounds: 1 });
    expect([response.text, rounds.length, model.requests.length]).toEqual(["done", 1, 4]);
    expect(model.requests[2]?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "assistant"]);
  });

  it("returns a paused answer after the maximum of pauses, and one without content immediately", async () => {
    const paused: ScriptedReply = { text: "searching", finishReason: "paused" };
    const { client, model } = clientOf(paused);
    const run = await client.runTools("?", [], { maxPauses: 2 });
    expect([run.response.finishReason, model.requests.length]).toEqual(["paused", 3]);
    const queued = clientOf({ events: [], finishReason: "paused" });
    await queued.client.runTools("?", []);
    expect(queued.model.requests.length).toBe(1);
    await expect(client.runTools("?", [], { maxPauses: -1 })).rejects.toMatchObject({ code: "CONFIG_ERROR" });
  });

  it("runs the calls of one answer at the same time, and keeps their order", async () => {
    const { client } = clientOf(calling(["slow"], ["fast"]), answer);
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { rounds } = await client.runTools("?", [
      tool("slow", async () => {
        await gate;
        return "slow";
      }),
      tool("fast", () => {
        release();
        return "fast";
      }),
    ]);
    expect(rounds[0]?.results.map(({ name, content }) => [name, content])).toEqual([
      ["slow", "slow"],
      ["fast", "fast"],
    ]);
  });

  const faults: [string, RunnableTool["execute"], RegExp][] = [
    [
      "throws",
      () => {
        throw new Error("out of service");
      },
      /out of service/,
    ],
    ["rejects with a text", () => Promise.reject("no luck"), /no luck/],
    ["throws what is no text", () => Promise.reject(Object.create(null)), /without a message/],
    ["returns what is no JSON", () => ({ count: 1n }), /BigInt/],
  ];
  it.each(faults)("reports to the model a tool that %s", async (_, execute, words) => {
    const { client } = clientOf(calling(["t"]), answer);
    const { rounds } = await client.runTools("?", [tool("t", execute)]);
    expect(rounds[0]?.results[0]).toMatchObject({ isError: true, content: expect.stringMatching(words) });
  });

  it("reports to the model that a tool does not exist, with the existing names", async () => {
    const { client } = clientOf(calling(["invented"]), answer);
    const { rounds } = await client.runTools("?", [tool("real", () => "x")]);
    expect(contents(rounds[0]?.results)).toEqual([[expect.stringMatching(/"invented".*real/), true]]);
  });

  it("reports to the model which arguments do not fit, and does not run the tool", async () => {
    const { client } = clientOf(calling(["t", '{"place":{"city":7}}']), answer);
    let runs = 0;
    const { rounds } = await client.runTools("?", [
      defineTool({
        name: "t",
        parameters: z.object({ place: z.object({ city: z.string() }) }),
        execute: () => runs++,
      }),
    ]);
    expect(contents(rounds[0]?.results)).toEqual([[expect.stringContaining("place.city"), true]]);
    expect(runs).toBe(0);
  });

  it("reports to the model arguments on which a user's own check throws", async () => {
    const { client } = clientOf(calling(["t", '{"when":"never"}']), answer);
    const parameters = z.object({
      when: z.string().refine(() => {
        throw new Error("no calendar");
      }),
    });
    const { rounds } = await client.runTools("?", [defineTool({ name: "t", parameters, execute: () => 1 })]);
    expect(contents(rounds[0]?.results)).toEqual([[expect.stringContaining("no calendar"), true]]);
  });

  it("gives a tool its call, its round and a signal, and reports each round", async () => {
    const { client } = clientOf(calling(["t"]), calling(["t"]), answer);
    const seen: unknown[] = [];
    const told: number[] = [];
    await client.runTools(
      "?",
      [tool("t", (_, { call, round, signal }) => seen.push([call.name, round, signal.aborted]))],
      { onRound: ({ round }) => told.push(round) },
    );
    expect(seen).toEqual([
      ["t", 1, false],
      ["t", 2, false],
    ]);
    expect(told).toEqual([1, 2]);
  });

  it.each([0, 1, 3])("allows %s rounds, and forbids calls in the question after them", async (maxRounds) => {
    const { client, model } = clientOf(calling(["t"]));
    let runs = 0;
    const { rounds } = await client.runTools("?", [tool("t", () => ++runs)], { maxRounds });
    expect(rounds).toHaveLength(maxRounds);
    expect(runs).toBe(maxRounds);
    expect(model.requests.map(({ toolChoice }) => toolChoice === "none")).toEqual([
      ...Array.from({ length: maxRounds }, () => false),
      true,
    ]);
  });

  it.each([-1, Number.NaN])("refuses %s rounds", async (maxRounds) => {
    const { client } = clientOf(answer);
    expect(await errorOf(client.runTools("?", [], { maxRounds }))).toMatchObject({ code: "CONFIG_ERROR" });
  });

  it("frees a choice that forces a call after the first round", async () => {
    const { client, model } = clientOf(calling(["t"]), answer);
    await client.runTools({ ...request, toolChoice: { name: "t" } }, [tool("t", () => 1)]);
    expect(model.requests.map(({ toolChoice }) => toolChoice)).toEqual([{ name: "t" }, "auto"]);
  });

  it("never runs a call that the token limit cut", async () => {
    const cut = { ...calling(["t", '{"path":"/ho']), finishReason: "length" as const };
    const { client } = clientOf(cut);
    let runs = 0;
    const { response, rounds } = await client.runTools("?", [tool("t", () => ++runs)]);
    expect(runs).toBe(0);
    expect(rounds).toEqual([]);
    expect(response.toolCalls[0]).toMatchObject({ argumentsText: '{"path":"/ho' });
  });

  it("never runs a call without complete arguments, whatever a user's own provider reports", async () => {
    let runs = 0;
    const model = scripted({
      name: "m",
      replies: [
        {
          events: [
            { type: "part", index: 0, part: { type: "tool-call", id: "1", name: "t", argumentsText: "{" } },
          ],
          finishReason: "tool-calls",
        },
        answer,
      ],
    });
    const { rounds } = await new AiClient(model).runTools("?", [tool("t", () => ++runs)]);
    expect(runs).toBe(0);
    expect(rounds[0]?.results[0]).toMatchObject({ isError: true });
  });

  it("refuses two tools of one name", async () => {
    const { client, model } = clientOf(answer);
    const twice = [tool("t", () => 1), tool("t", () => 2)];
    expect(await errorOf(client.runTools("?", twice))).toMatchObject({ code: "CONFIG_ERROR" });
    expect(model.calls).toBe(0);
  });
});

describe("an abort of a tool loop", () => {
  it("ends it without waiting for a tool that ignores the signal, and leaves no listener", async () => {
    const { client } = clientOf(calling(["deaf"]), answer);
    const abort = new AbortController();
    let heard: AbortSignal | undefined;
    const loop = errorOf(
      client.runTools(
        "?",
        [
          tool("deaf", (_, { signal }) => {
            heard = signal;
            return new Promise(() => {});
          }),
        ],
        { signal: abort.signal },
      ),
    );
    await settled();
    await settled();
    abort.abort("enough");
    expect(await loop).toMatchObject({ code: "CANCELLED", cause: "enough" });
    expect(heard?.aborted).toBe(true);
    expect(getEventListeners(abort.signal, "abort")).toHaveLength(0);
  });

  it("that arrives with the answer runs no tool", async () => {
    const abort = new AbortController();
    const { client } = clientOf(calling(["t"]), answer);
    let runs = 0;
    const observer = {
      on: ({ type }: { type: string }) => {
        if (type === "request-end") abort.abort("late");
      },
    };
    const error = await errorOf(
      client.runTools("?", [tool("t", () => ++runs)], { signal: abort.signal, observer }),
    );
    expect(error).toMatchObject({ code: "CANCELLED", cause: "late" });
    expect(runs).toBe(0);
  });

  it("leaves no listener on a signal after a loop that ended normally", async () => {
    const abort = new AbortController();
    const { client } = clientOf(calling(["t"]), calling(["t"]), answer);
    await client.runTools("?", [tool("t", () => 1)], { signal: abort.signal });
    expect(getEventListeners(abort.signal, "abort")).toHaveLength(0);
  });
});

describe("a text tool of a run", () => {
  const text = (input: string): ScriptedReply => ({
    events: [
      {
        type: "part-start",
        index: 0,
        part: { type: "tool-call", id: "c", name: "sql", inputEncoding: "text" },
      },
      { type: "tool-call-delta", index: 0, text: input },
      { type: "part-end", index: 0 },
    ],
    finishReason: "tool-calls",
  });
  const sql = (seen: string[]) =>
    defineTextTool({
      name: "sql",
      grammar: { syntax: "regex", definition: "select .*" },
      execute: (query) => {
        seen.push(query);
        return [{ n: 1 }];
      },
    });

  it("is shown as it is, and runs with the text of the call", async () => {
    const { client, model } = clientOf(text("select 1"), answer);
    const seen: string[] = [];
    const events = await eventsOf(client.runTools("?", [sql(seen)]));
    expect(seen).toEqual(["select 1"]);
    expect(model.requests[0]).toMatchObject({
      tools: [{ type: "text-tool", name: "sql", grammar: { syntax: "regex" } }],
    });
    expect(events.find(({ type }) => type === "tool-start")).toMatchObject({
      input: "select 1",
      arguments: {},
    });
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({ content: [{ content: '[{"n":1}]' }] });
  });

  it("may wait for an approval, with its text", async () => {
    const { client } = clientOf(text("drop"), answer);
    const seen: string[] = [];
    const run = await client.runTools("?", [sql(seen)], { approve: "pause" });
    expect(run.pending).toEqual([{ id: "c", name: "sql", arguments: {}, input: "drop", needs: "approval" }]);
    await client.runTools({ resume: run.state as never, approvals: { c: true } }, [sql(seen)]);
    expect(seen).toEqual(["drop"]);
  });

  it("does not run with arguments, nor a function with text", async () => {
    const { client } = clientOf(calling(["add"]), { ...text("x") }, answer);
    const seen: string[] = [];
    const run = await client.runTools("?", [
      defineTextTool({ name: "add", execute: (query) => seen.push(query) }),
      tool("sql", () => seen.push("sql")),
    ]);
    expect(seen).toEqual([]);
    expect(run.rounds.map(({ results }) => contents(results))).toEqual([
      [["The input is no whole text", true]],
      [["The arguments are no JSON object", true]],
    ]);
  });

  it("may be declared by the request alone: the run pauses for its result", async () => {
    const { client } = clientOf(text("select 1"), answer);
    const run = await client.runTools({ ...request, tools: [{ type: "text-tool", name: "sql" }] }, []);
    expect(run.pending).toMatchObject([{ input: "select 1", needs: "result" }]);
  });
});
