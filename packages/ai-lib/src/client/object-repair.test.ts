import { describe, expect, it } from "vitest";
import { z } from "zod";
import { errorOf } from "../../test/support/calls.js";
import { calling, tool } from "../../test/support/tool-calls.js";
import type { ChatEvent } from "../core/values/chat-event.js";
import { type ScriptedReply, scripted } from "../testing/scripted.js";
import { AiClient } from "./ai-client.js";

const anything = { type: "object" };
const item = z.object({ name: z.string(), price: z.number() });
const good = '{"name":"soup","price":3}';
const bad = '{"name":"soup","price":"three"}';

function clientOf(...replies: ScriptedReply[]) {
  const model = scripted({ name: "m", replies });
  return { model, client: new AiClient(model) };
}

const called = (args: string): ScriptedReply => calling(["response", args]);

describe("the JSON of an answer", () => {
  it.each<[string, unknown]>([
    [`Here it is: ${good}. Enjoy!`, { name: "soup", price: 3 }],
    [`Sure!\n\`\`\`json\n${good}\n\`\`\`\nAnything else?`, { name: "soup", price: 3 }],
    [`As [1] says, {"note": "see [2]"} is less than ${good}`, { name: "soup", price: 3 }],
    ['{"a":1} {"a":2,"b":3}', { a: 2, b: 3 }],
    ["{not json} [1, {] {}", {}],
  ])("is found in %j", async (text, object) => {
    expect((await clientOf({ text }).client.object(anything, "?")).object).toEqual(object);
  });

  it("may be a list, an enum, a number or a union, wrapped or not", async () => {
    const list = z.array(z.number());
    expect((await clientOf({ text: '{"value":[1,2]}' }).client.object(list, "?")).object).toEqual([1, 2]);
    expect((await clientOf({ text: "[1,2]" }).client.object(list, "?")).object).toEqual([1, 2]);
    const word = z.enum(["yes", "no"]);
    expect((await clientOf({ text: '{"value":"no"}' }).client.object(word, "?")).object).toBe("no");
    expect((await clientOf({ text: '"no"' }).client.object(word, "?")).object).toBe("no");
    expect((await clientOf({ text: '```\n"no"\n```' }).client.object(word, "?")).object).toBe("no");
    const union = z.union([
      z.object({ value: z.number(), unit: z.string() }),
      z.object({ none: z.boolean() }),
    ]);
    const bare = await clientOf({ text: '{"value":3,"unit":"m"}' }).client.object(union, "?");
    expect(bare.object).toEqual({ value: 3, unit: "m" });
  });

  it("is sought in a hostile answer in time that grows with its length", async () => {
    const cpuMs = async (text: string) => {
      const start = process.cpuUsage();
      await errorOf(clientOf({ text }).client.object(item, "?", { maxRepairs: 0 }));
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1_000;
    };
    await cpuMs("[".repeat(1_000));
    for (const part of ["[", '{"a":', "[1] ", '"']) {
      let [once, fourTimes] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      // Linear takes 4 times as long, quadratic 16. Below 60 ms the difference is noise.
      const isLinear = () => fourTimes < 60 || fourTimes < once * 11;
      // The shortest of some tries: a garbage collection makes single ones longer.
      for (let tries = 0; tries < 5 && !isLinear(); tries++) {
        once = Math.min(once, await cpuMs(part.repeat(25_000)));
        fourTimes = Math.min(fourTimes, await cpuMs(part.repeat(100_000)));
      }
      expect(isLinear(), `${part}: ${once} ms, then ${fourTimes} ms`).toBe(true);
    }
  });
});

describe("an answer that does not fit", () => {
  it("is requested again, with the problems; all answers count", async () => {
    const usage = { inputTokens: 10, outputTokens: 5 };
    const { client, model } = clientOf({ text: bad, usage }, { text: good, usage });
    const result = await client.object(item, "?");
    expect(result).toMatchObject({
      object: { name: "soup", price: 3 },
      repairs: 1,
      usage: { inputTokens: 20, outputTokens: 10 },
      response: { attempts: [{ outcome: "success" }, { outcome: "success" }] },
    });
    expect(model.requests[1]?.messages).toMatchObject([
      { role: "user", content: "?" },
      { role: "assistant" },
      { role: "user", content: expect.stringMatching(/price.*number/) },
    ]);
    expect(model.requests[1]?.responseFormat).toEqual(model.requests[0]?.responseFormat);
  });

  it("is an error after the last repair, with the places, the values, the text and all attempts", async () => {
    const { client, model } = clientOf({ text: bad });
    const error = await errorOf(client.object(item, "?", { maxRepairs: 2 }));
    expect(model.calls).toBe(3);
    expect(error).toMatchObject({
      code: "INVALID_RESPONSE",
      issues: [{ path: ["price"], value: "three" }],
      body: bad,
      partial: { text: bad },
      attempts: { length: 3 },
    });
    expect(JSON.stringify(error)).not.toContain('"issues"');
    expect((await errorOf(client.object(item, "?", { maxRepairs: -1 }))).code).toBe("CONFIG_ERROR");
  });

  it("of a tool is corrected in the tool's result", async () => {
    const { client, model } = clientOf(called(bad), called(good));
    await client.object(item, "?", { mode: "tool" });
    expect(model.requests[1]?.messages.slice(1)).toMatchObject([
      { role: "assistant" },
      { role: "tool", content: [{ id: "response-0", isError: true }] },
      { role: "user" },
    ]);
  });

  it("may be repaired without asking again", async () => {
    const { client, model } = clientOf({ text: '{"name":"soup","price":3,}' });
    const seen: unknown[] = [];
    const result = await client.object(item, "?", {
      repair: ({ text, issues, schema }) => {
        seen.push(issues, schema["type"]);
        return text.replace(",}", "}");
      },
    });
    expect([result.object, result.repairs, model.calls]).toEqual([{ name: "soup", price: 3 }, 0, 1]);
    expect(seen).toEqual([[], "object"]);
    await client.object(item, "?", { repair: () => undefined, maxRepairs: 0 }).catch(() => {});
    const failed = errorOf(
      client.object(item, "?", {
        repair: () => {
          throw new Error("no");
        },
      }),
    );
    expect(await failed).toMatchObject({ code: "CONFIG_ERROR", message: expect.stringContaining("repair") });
  });

  it.each<[string, ScriptedReply]>([
    ["a refusal", { events: [{ type: "part", index: 0, part: { type: "refusal", text: "no" } }] }],
    ["an answer that was cut", { text: '{"name":"so', finishReason: "length" }],
  ])("is not requested again after %s", async (_, reply) => {
    const { client, model } = clientOf(reply);
    await errorOf(client.object(item, "?"));
    expect(model.calls).toBe(1);
  });
});

describe("a mode", () => {
  const refusal = (message: string): ScriptedReply => ({
    error: { code: "INVALID_REQUEST", message, status: 400 },
  });

  it("that a target refuses is followed by the next mode, streamed or not", async () => {
    const replies = [
      refusal("response_format is not supported"),
      refusal("tools are not supported"),
      { text: good },
    ];
    const { client, model } = clientOf(...replies);
    const result = await client.object(item, "?");
    expect([result.mode, result.response.attempts.length]).toEqual(["json", 3]);
    expect(model.requests[2]).toMatchObject({
      responseFormat: { type: "json" },
      messages: [{ role: "system", content: expect.stringContaining('"price"') }, { role: "user" }],
    });
    const stream = clientOf(...replies).client.streamObject(item, "?");
    const partials: unknown[] = [];
    for await (const partial of stream.partials) partials.push(partial);
    expect(partials.at(-1)).toEqual({ name: "soup", price: 3 });
    expect((await stream.object()).mode).toBe("json");
  });

  it("that is chosen is not changed, and an unknown one is an error", async () => {
    const { client, model } = clientOf(refusal("response_format is not supported"));
    expect((await errorOf(client.object(item, "?", { mode: "native" }))).code).toBe("INVALID_REQUEST");
    expect(model.calls).toBe(1);
    expect((await errorOf(client.object(item, "?", { mode: "xml" as never }))).code).toBe("CONFIG_ERROR");
  });

  it("is passed to the provider with its strictness", async () => {
    const { client, model } = clientOf({ text: good });
    await client.object(item, "?", { schemaStrict: false });
    expect(model.requests[0]?.responseFormat).toMatchObject({ strict: false });
  });
});

describe("the elements of a list", () => {
  const pieces = (text: string) => text.match(/.{1,4}/gs) ?? [];
  const all = async <T>(source: AsyncIterable<T>) => {
    const items: T[] = [];
    for await (const one of source) items.push(one);
    return items;
  };

  it("arrive when they end, checked, and once", async () => {
    const text = pieces('{"value":[{"name":"a","price":1},{"name":"b","price":2}]}');
    const { client, model } = clientOf({ text, silent: true });
    const stream = client.streamObject(z.array(item), "?");
    const names: string[] = [];
    for await (const { name } of stream.elements) if (names.push(name) === 2) break;
    expect([names, model.aborted]).toEqual([["a", "b"], 1]);
    expect((await errorOf(stream.object())).code).toBe("CANCELLED");
    const bare = clientOf({ text: pieces('Here: [{"name":"a","price":1}]') }).client;
    const reading = bare.streamObject(z.array(item).min(1), "?");
    expect(await all(reading.elements)).toEqual([{ name: "a", price: 1 }]);
    expect((await reading.object()).object).toHaveLength(1);
  });

  it("are converted by the schema", async () => {
    const { client } = clientOf({ text: '{"value":["2026-01-01","2026-01-02"]}' });
    expect(await all(client.streamObject(z.array(z.date()), "?").elements)).toEqual([
      new Date("2026-01-01"),
      new Date("2026-01-02"),
    ]);
  });

  it("come from the repaired answer if none was emitted, and fail if some were", async () => {
    const first = { text: '[{"name":7}]' };
    const second = { text: '[{"name":"a","price":1}]' };
    const { client } = clientOf(first, second);
    expect(await all(client.streamObject(z.array(item), "?").elements)).toEqual([{ name: "a", price: 1 }]);
    const late = clientOf({ text: '[{"name":"a","price":1},{"name":7}]' }, second).client;
    const stream = late.streamObject(z.array(item), "?");
    expect((await errorOf(all(stream.elements))).code).toBe("STREAM_TRUNCATED");
  });

  it("need a list", async () => {
    const stream = clientOf({ text: good }).client.streamObject(item, "?");
    expect((await errorOf(all(stream.elements))).code).toBe("CONFIG_ERROR");
  });

  it("and partials cannot both be read", async () => {
    const stream = clientOf({ text: "[]" }).client.streamObject(z.array(item), "?");
    await all(stream.elements);
    expect((await errorOf(all(stream.partials))).code).toBe("CONFIG_ERROR");
  });
});

describe("partials", () => {
  it("have the type of the value in progress, and skip prose", async () => {
    const { client } = clientOf({ text: ["Sure, here: ", '{"name":"so', 'up","price":3}'] });
    const seen: (string | undefined)[] = [];
    for await (const partial of client.streamObject(item, "?").partials) seen.push(partial.name);
    expect(seen).toEqual(["so", "soup"]);
  });
});

describe("an object at the end of a run of tools", () => {
  const weather = tool("weather", () => "21 degrees");

  it("comes after the tools have run", async () => {
    const { client, model } = clientOf(calling(["weather"]), { text: good });
    const { object, toolRun } = await client.object(item, "?", { tools: [weather] });
    expect(object.price).toBe(3);
    expect(toolRun?.rounds).toHaveLength(1);
    expect(model.requests[0]).toMatchObject({
      responseFormat: { type: "json-schema" },
      tools: { length: 1 },
    });
  });

  it("may be the call of a tool among the others", async () => {
    const { client, model } = clientOf(calling(["weather"]), called(good));
    const { object } = await client.object(item, "?", { tools: [weather], mode: "tool" });
    expect(object.name).toBe("soup");
    expect(model.requests[0]?.toolChoice).toBeUndefined();
    expect(model.requests.at(-1)?.messages.at(-1)).toMatchObject({ role: "tool" });
  });

  it("is requested if the run stops first, and again if it does not fit", async () => {
    const { client, model } = clientOf(calling(["weather"]), { text: bad }, { text: good });
    const { repairs } = await client.object(item, "?", { tools: [weather], stopWhen: () => true });
    expect([repairs, model.calls]).toEqual([1, 3]);
    expect(model.requests[1]).toMatchObject({ toolChoice: "none", tools: { length: 1 } });
  });

  it("streams, and fails with the state of a run that pauses", async () => {
    const { client } = clientOf(calling(["weather"]), { text: good });
    const stream = client.streamObject(item, "?", { tools: [weather] });
    const partials: unknown[] = [];
    for await (const partial of stream.partials) partials.push(partial);
    expect(partials.at(-1)).toEqual({ name: "soup", price: 3 });
    const paused = clientOf(calling(["weather"])).client.object(item, "?", {
      tools: [weather],
      approve: "pause",
    });
    expect(await errorOf(paused)).toMatchObject({ toolRun: { state: { round: 1 } } });
  });

  it("refuses options of a run without tools", async () => {
    const { client } = clientOf({ text: good });
    expect((await errorOf(client.object(item, "?", { maxRounds: 1 }))).code).toBe("CONFIG_ERROR");
  });
});

it("the error of an unfinished object lists the content so far", async () => {
  const events: ChatEvent[] = [{ type: "part", index: 0, part: { type: "text", text: "Sure!" } }];
  const error = await errorOf(clientOf({ events }).client.object(item, "?"));
  expect([error.issues, error.partial?.text]).toEqual([[], "Sure!"]);
});
