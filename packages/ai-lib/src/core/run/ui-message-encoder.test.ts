import { describe, expect, it } from "vitest";
import { AiClient } from "../../client/ai-client.js";
import { type ScriptedReply, scripted } from "../../testing/scripted.js";
import type { ChatEvent } from "../values/chat-event.js";

type Chunk = { type: string } & Record<string, unknown>;

const request = { messages: [{ role: "user" as const, content: "Hi" }] };

async function chunksOf(response: Response): Promise<Chunk[]> {
  const blocks = (await response.text()).split("\n\n").filter((block) => block !== "");
  expect(blocks.pop()).toBe("data: [DONE]");
  return blocks.map((block) => JSON.parse(block.replace(/^data: /, "")));
}

function chunks(reply: ScriptedReply): Promise<Chunk[]> {
  return chunksOf(
    scripted({ name: "p", replies: [reply] })
      .stream(request)
      .toResponse({ format: "ai-sdk" }),
  );
}

const call = (id: string, name: string, text: string, index = 0): ChatEvent[] => [
  { type: "part-start", index, part: { type: "tool-call", id, name } },
  { type: "tool-call-delta", index, text },
  { type: "part-end", index },
];

describe("the AI SDK's message stream", () => {
  it("has a text between its start and its end, in one step", async () => {
    expect(await chunks({ text: ["Good ", "day"] })).toEqual([
      { type: "start" },
      { type: "start-step" },
      { type: "text-start", id: "1-0" },
      { type: "text-delta", id: "1-0", delta: "Good " },
      { type: "text-delta", id: "1-0", delta: "day" },
      { type: "text-end", id: "1-0" },
      { type: "finish-step" },
      { type: "finish", finishReason: "stop" },
    ]);
  });

  it("has the text of a text tool as its input, and one that was cut as an error", async () => {
    const text = (cut: { cut?: true }): ChatEvent[] => [
      {
        type: "part-start",
        index: 0,
        part: { type: "tool-call", id: "c", name: "sql", inputEncoding: "text" },
      },
      { type: "tool-call-delta", index: 0, text: "select 1" },
      { type: "part-end", index: 0, ...cut },
    ];
    const last = async (cut: { cut?: true }) => (await chunks({ events: text(cut) })).at(-3);
    expect(await last({})).toMatchObject({ type: "tool-input-available", input: "select 1" });
    expect(await last({ cut: true })).toMatchObject({ type: "tool-input-error", input: "select 1" });
  });

  it("has reasoning with the state to echo, refusals as text, sources and pictures", async () => {
    const origin = { family: "anthropic", data: { signature: "s" } };
    const events: ChatEvent[] = [
      { type: "part-start", index: 0, part: { type: "reasoning" } },
      { type: "reasoning-delta", index: 0, text: "Hm" },
      { type: "part-end", index: 0, origin },
      { type: "part-start", index: 1, part: { type: "refusal" } },
      { type: "refusal-delta", index: 1, text: "No" },
      { type: "part-end", index: 1 },
      { type: "part", index: 2, part: { type: "source", url: "https://a.example/", title: "A" } },
      { type: "part-start", index: 3, part: { type: "image", mediaType: "image/png" } },
      { type: "media-delta", index: 3, data: "AAAA" },
      { type: "part-end", index: 3 },
    ];
    expect((await chunks({ events })).slice(2, -2)).toEqual([
      { type: "reasoning-start", id: "1-0" },
      { type: "reasoning-delta", id: "1-0", delta: "Hm" },
      { type: "reasoning-end", id: "1-0", providerMetadata: { "ai-lib": { origin } } },
      { type: "text-start", id: "1-1" },
      { type: "text-delta", id: "1-1", delta: "No" },
      { type: "text-end", id: "1-1" },
      { type: "source-url", sourceId: "1-2", url: "https://a.example/", title: "A" },
      { type: "file", url: "data:image/png;base64,AAAA", mediaType: "image/png" },
    ]);
  });

  it("ends with a safe error, or as aborted", async () => {
    const failed = await chunks({ text: ["a"], error: { code: "AUTH_FAILED", message: "key 7" } });
    expect(failed.slice(-2)).toEqual([
      { type: "error", errorText: "The answer failed with AUTH_FAILED" },
      { type: "finish-step" },
    ]);
    const aborted = await chunks({ text: ["a"], error: { code: "CANCELLED", message: "Enough" } });
    expect(aborted.map(({ type }) => type)).toContain("abort");
    expect(aborted.map(({ type }) => type)).not.toContain("finish");
  });

  it("has calls, progress and results of tools, round by round", async () => {
    const model = scripted({
      name: "p",
      replies: [
        {
          events: [
            ...call("c1", "add", '{"a":1}'),
            ...call("c2", "fails", "", 1),
            ...call("c3", "odd", "{nonsense", 2),
          ],
          finishReason: "tool-calls",
        },
        { text: "done" },
      ],
    });
    const parameters = { type: "object" };
    const run = new AiClient(model).runTools("?", [
      {
        name: "add",
        parameters,
        async *execute() {
          yield { percent: 50 };
          return { sum: 3 };
        },
      },
      {
        name: "fails",
        parameters,
        execute() {
          throw new Error("secret of the server");
        },
      },
      { name: "odd", parameters, execute: () => "never" },
    ]);
    const all = await chunksOf(run.toResponse({ format: "ai-sdk" }));
    const of = (id: string) => all.filter((chunk) => chunk["toolCallId"] === id);
    expect(of("c1")).toEqual([
      { type: "tool-input-start", toolCallId: "c1", toolName: "add" },
      { type: "tool-input-delta", toolCallId: "c1", inputTextDelta: '{"a":1}' },
      { type: "tool-input-available", toolCallId: "c1", toolName: "add", input: { a: 1 } },
      { type: "tool-output-available", toolCallId: "c1", output: { percent: 50 }, preliminary: true },
      { type: "tool-output-available", toolCallId: "c1", output: { sum: 3 } },
    ]);
    expect(of("c2").at(-1)).toEqual({
      type: "tool-output-error",
      toolCallId: "c2",
      errorText: "The tool failed",
    });
    expect(of("c3").map(({ type }) => type)).toContain("tool-input-error");
    expect(all.filter(({ type }) => type.endsWith("-step")).map(({ type }) => type)).toEqual([
      "start-step",
      "finish-step",
      "start-step",
      "finish-step",
    ]);
    expect(all.at(-1)).toEqual({ type: "finish", finishReason: "stop" });
  });

  it("has approvals, and calls that another process wrote", async () => {
    const model = scripted({
      name: "p",
      replies: [{ events: call("c1", "pay", "{}"), finishReason: "tool-calls" }, { text: "done" }],
    });
    const tools = [{ name: "pay", parameters: { type: "object" }, execute: () => "paid" }];
    const client = new AiClient(model);
    const first = client.runTools("?", tools, { approve: "pause" });
    const asked = await chunksOf(first.toResponse({ format: "ai-sdk" }));
    expect(asked.slice(-3)).toEqual([
      { type: "tool-approval-request", approvalId: "c1", toolCallId: "c1" },
      { type: "finish-step" },
      { type: "finish", finishReason: "tool-calls" },
    ]);
    const { state } = await first;
    if (state === undefined) throw new Error("The run did not pause");
    const run = client.runTools({ resume: state, approvals: { c1: false } }, tools);
    const denied = await chunksOf(run.toResponse({ format: "ai-sdk" }));
    expect(denied.filter(({ type }) => type.startsWith("tool-"))).toEqual([
      { type: "tool-approval-response", approvalId: "c1", approved: false },
      { type: "tool-output-denied", toolCallId: "c1" },
    ]);
  });
});
