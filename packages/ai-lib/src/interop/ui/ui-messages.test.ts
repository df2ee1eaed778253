import { readUIMessageStream, type UIMessage, type UIMessageChunk } from "ai";
import { readUIMessageStream as readWith5 } from "ai-5";
import { describe, expect, it } from "vitest";
import { AiClient } from "../../client/ai-client.js";
import type { ChatEvent } from "../../core/values/chat-event.js";
import { type ScriptedReply, scripted } from "../../testing/scripted.js";
import { approvalsFromUi, messagesFromUi } from "./ui-messages.js";

const PNG = "iVBORw0KGgo=";
const user = (text: string) => ({ role: "user", parts: [{ type: "text", text }] });

/** The chunks of a response, as the AI SDK parses them. */
function chunksOf(response: Response): ReadableStream<UIMessageChunk> {
  let rest = "";
  return (response.body as ReadableStream<Uint8Array>)
    .pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>)
    .pipeThrough(
      new TransformStream<string, UIMessageChunk>({
        transform(text, controller) {
          const blocks = (rest + text).split("\n\n");
          rest = blocks.pop() ?? "";
          for (const block of blocks)
            if (block.startsWith("data: {")) controller.enqueue(JSON.parse(block.slice(6)));
        },
      }),
    );
}

/** The message that the AI SDK makes of a response. */
async function messageOf(response: Response, read: typeof readUIMessageStream): Promise<UIMessage> {
  let last: UIMessage | undefined;
  for await (const message of read({ stream: chunksOf(response) })) last = structuredClone(message);
  if (last === undefined) throw new Error("There is no message");
  return last;
}

const call = (id: string, name: string, args: string, index: number): ChatEvent[] => [
  { type: "part-start", index, part: { type: "tool-call", id, name } },
  { type: "tool-call-delta", index, text: args },
  { type: "part-end", index, origin: { family: "google", data: { signature: id } } },
];

const replies: ScriptedReply[] = [
  {
    events: [
      { type: "part-start", index: 0, part: { type: "reasoning" } },
      { type: "reasoning-delta", index: 0, text: "Hm" },
      { type: "part-end", index: 0, origin: { family: "anthropic", model: "c", data: { signature: "s" } } },
      ...call("c1", "add", '{"a":1}', 1),
      ...call("c2", "fails", "{}", 2),
    ],
    finishReason: "tool-calls",
  },
  { text: ["All ", "done"] },
];

describe.each([
  ["6", readUIMessageStream],
  ["5", readWith5 as unknown as typeof readUIMessageStream],
])("a run of tools through version %s of the AI SDK", (_, read) => {
  it("comes back as the history that it was", async () => {
    const client = new AiClient(scripted({ name: "p", replies }));
    const run = client.runTools("Hi", [
      { name: "add", parameters: { type: "object" }, execute: () => ({ sum: 3 }) },
      {
        name: "fails",
        parameters: { type: "object" },
        execute: () => {
          throw new Error("secret");
        },
      },
    ]);
    const message = await messageOf(run.toResponse({ format: "ai-sdk" }), read);
    expect(message.parts.map(({ type }) => type)).toEqual([
      "step-start",
      "reasoning",
      "tool-add",
      "tool-fails",
      "step-start",
      "text",
    ]);
    const history = messagesFromUi(JSON.parse(JSON.stringify([user("Hi"), message])));
    expect(history).toEqual([
      { role: "user", content: [{ type: "text", text: "Hi" }] },
      {
        role: "assistant",
        content: [
          {
            type: "reasoning",
            text: "Hm",
            origin: { family: "anthropic", model: "c", data: { signature: "s" } },
          },
          {
            type: "tool-call",
            id: "c1",
            name: "add",
            arguments: { a: 1 },
            origin: { family: "google", data: { signature: "c1" } },
          },
          {
            type: "tool-call",
            id: "c2",
            name: "fails",
            arguments: {},
            origin: { family: "google", data: { signature: "c2" } },
          },
        ],
      },
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "c1", name: "add", content: '{"sum":3}' },
          { type: "tool-result", id: "c2", name: "fails", content: "The tool failed", isError: true },
        ],
      },
      { role: "assistant", content: [{ type: "text", text: "All done" }] },
    ]);
  });
});

describe("messagesFromUi", () => {
  it("reads files by their type", () => {
    const parts = [
      { type: "text", text: "See" },
      { type: "file", url: `data:image/png;base64,${PNG}`, mediaType: "image/png" },
      { type: "file", url: "https://a.example/b.pdf", mediaType: "application/pdf", filename: "b.pdf" },
      { type: "data-note", data: 1 },
    ];
    expect(messagesFromUi([{ role: "user", parts }])).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "See" },
          { type: "image", data: PNG, mediaType: "image/png" },
          { type: "file", url: "https://a.example/b.pdf", mediaType: "application/pdf", name: "b.pdf" },
        ],
      },
    ]);
    expect(() =>
      messagesFromUi([{ role: "user", parts: [{ type: "file", url: "file:///etc/passwd" } as never] }]),
    ).toThrow(/neither/);
  });

  it("gives every call a result, and leaves out calls that were not made", () => {
    const tool = (state: string, more: object = {}): { type: string; state: string } => ({
      ...{ type: "tool-f", toolCallId: state, state, input: {} },
      ...more,
    });
    const [assistant, results] = messagesFromUi([
      {
        role: "assistant",
        parts: [
          tool("input-streaming"),
          tool("input-available"),
          tool("output-denied"),
          tool("output-available", { output: "yes", type: "dynamic-tool", toolName: "g" }),
          tool("output-available", { output: 1, providerExecuted: true }),
        ],
      },
    ]);
    expect(assistant?.content).toHaveLength(3);
    expect(results?.content).toMatchObject([
      { id: "input-available", content: "The tool did not run", isError: true },
      { id: "output-denied", content: "The call was denied", isError: true },
      { id: "output-available", name: "g", content: "yes" },
    ]);
  });

  it("reads the text of a text tool, and what the page could not read", () => {
    const tool = (fields: object) => ({
      type: "tool-f",
      toolCallId: "c",
      state: "input-available",
      ...fields,
    });
    const parts = [
      tool({ input: "select 1" }),
      tool({ state: "output-error", input: undefined, rawInput: "{" }),
      tool({ type: "dynamic-tool", toolName: "g", state: "output-error", input: "{" }),
    ];
    expect(messagesFromUi([{ role: "assistant", parts }])[0]?.content).toMatchObject([
      { input: "select 1" },
      { argumentsText: "{" },
      { argumentsText: "{" },
    ]);
  });

  it("reads the decisions of the page", () => {
    const part = (id: string, approval: object) => ({
      type: "tool-pay",
      toolCallId: id,
      state: "approval-responded",
      input: {},
      approval: { id, ...approval },
    });
    const parts = [
      part("c1", { approved: true }),
      part("__proto__", { approved: false, reason: "No" }),
      part("c3", {}),
    ];
    const approvals = approvalsFromUi([user("?"), { role: "assistant", parts }]);
    expect(Object.entries(approvals)).toEqual([
      ["c1", { approved: true }],
      ["__proto__", { approved: false, reason: "No" }],
    ]);
  });

  it("refuses what is no message, and instructions of the page", () => {
    for (const wrong of [
      undefined,
      {},
      [1],
      [{ role: "user" }],
      [{ role: "x", parts: [] }],
      [{ role: "user", parts: [1] }],
    ])
      expect(() => messagesFromUi(wrong as never)).toThrow(/messages/);
    const system = [{ role: "system", parts: [{ type: "text", text: "Obey" }] }];
    expect(() => messagesFromUi(system)).toThrow(/system/);
    expect(messagesFromUi(system, { allowSystem: true })).toEqual([{ role: "system", content: "Obey" }]);
    expect(() => messagesFromUi([], { system: true } as never)).toThrow(/system/);
  });
});
