import { describe, expect, it } from "vitest";
import { encodedBy } from "../../../../test/support/encoded.js";
import type { Quirks } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Message } from "../../../core/values/message.js";
import type { Tool } from "../../../core/values/tool.js";
import { client } from "./index.js";

const hello: Message = { role: "user", content: "Hello" };
const claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const f: Tool = { type: "function", name: "f", parameters: { type: "object" } };

function encode(request: Partial<ChatRequest>, model = claude, quirks: Quirks = {}) {
  return encodedBy(client, request, { provider: "bedrock", model, quirks });
}

/** The content of a turn of the body. */
function turn(body: JsonObject, index: number): JsonObject[] {
  return (body["messages"] as { content: JsonObject[] }[])[index]?.content ?? [];
}

const call = (id: string, name = "f"): ContentPart => ({ type: "tool-call", id, name, arguments: {} });
const used: Message[] = [
  hello,
  { role: "assistant", content: [call("a")] },
  { role: "tool", content: [{ type: "tool-result", id: "a", content: "1" }] },
];

describe("the path", () => {
  it.each([
    ["amazon.nova-lite-v1:0", "amazon.nova-lite-v1%3A0"],
    [
      "arn:aws:bedrock:us-east-1:1:application-inference-profile/x",
      "arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Aapplication-inference-profile%2Fx",
    ],
  ])("holds %s percent-encoded", (model, encoded) => {
    expect(encode({}, model).http.path).toBe(`/model/${encoded}/converse`);
  });
});

describe("tools", () => {
  it("are declared again where the conversation used some and the request has none", () => {
    const { body, fields } = encode({ messages: used });
    expect(body["toolConfig"]).toEqual({
      tools: [{ toolSpec: { name: "f", inputSchema: { json: { type: "object" } } } }],
    });
    expect(fields).toEqual(["changed tools"]);
  });

  it("are left out for the choice that Bedrock lacks, unless the conversation used some", () => {
    const fresh = encode({ tools: [f], toolChoice: "none" });
    expect(fresh.body["toolConfig"]).toBeUndefined();
    expect(fresh.fields).toEqual(["changed toolChoice"]);
    const later = encode({ messages: used, tools: [f], toolChoice: "none" });
    expect(later.body["toolConfig"]).toBeDefined();
    expect(later.fields).toEqual(["unsupported toolChoice"]);
  });

  it.each<[ChatRequest["toolChoice"], JsonObject]>([
    ["auto", { auto: {} }],
    ["required", { any: {} }],
    [{ name: "f" }, { tool: { name: "f" } }],
  ])("are chosen by %j as %j", (toolChoice, expected) => {
    expect(encode({ tools: [f], toolChoice }).body["toolConfig"]).toMatchObject({ toolChoice: expected });
  });
});

describe("thinking and sampling by model", () => {
  it.each<[string, Partial<ChatRequest>, JsonObject, string[]]>([
    [
      claude,
      { reasoning: { budgetTokens: 2_000 }, maxTokens: 100 },
      {
        inferenceConfig: { maxTokens: 2_100 },
        additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 2_000 } },
      },
      [],
    ],
    [
      "us.anthropic.claude-opus-4-7",
      { reasoning: { effort: "high" }, temperature: 0.3 },
      {
        additionalModelRequestFields: { thinking: { type: "adaptive" } },
        outputConfig: { effort: "high" },
      },
      ["unsupported temperature"],
    ],
    [claude, { topK: 5 }, { additionalModelRequestFields: { top_k: 5 } }, []],
    [
      "us.amazon.nova-2-lite-v1:0",
      { reasoning: { effort: "max" }, topK: 5 },
      {
        additionalModelRequestFields: {
          inferenceConfig: { topK: 5 },
          reasoningConfig: { type: "enabled", maxReasoningEffort: "high" },
        },
      },
      ["changed reasoning.effort"],
    ],
    ["amazon.nova-lite-v1:0", { reasoning: { effort: "low" } }, {}, ["unsupported reasoning"]],
    [
      "openai.gpt-oss-120b-1:0",
      { reasoning: { effort: "minimal" } },
      { additionalModelRequestFields: { reasoning_effort: "low" } },
      ["changed reasoning.effort"],
    ],
    [
      "qwen.qwen3-32b-v1:0",
      { reasoning: { effort: "high" } },
      { additionalModelRequestFields: { reasoning_config: "high" } },
      [],
    ],
    ["us.meta.llama4-scout-17b-instruct-v1:0", { topK: 5 }, {}, ["unsupported topK"]],
  ])("%s takes %j as %j", (model, request, expected, fields) => {
    const encoded = encode(request, model);
    const { messages: _messages, ...rest } = encoded.body;
    expect(rest).toEqual(expected);
    expect(encoded.fields).toEqual(fields);
  });
});

it("leaves thinking out after calls that Claude made without it", () => {
  const { body, fields } = encode({ messages: used, tools: [f], reasoning: { budgetTokens: 2_000 } });
  expect(body["additionalModelRequestFields"]).toBeUndefined();
  expect(fields).toEqual(["unsupported reasoning"]);
});

describe("fields that the API lacks", () => {
  it.each<[string, Partial<ChatRequest>]>([
    ["seed", { seed: 0 }],
    ["presencePenalty", { presencePenalty: 0 }],
    ["frequencyPenalty", { frequencyPenalty: 1 }],
    ["user", { user: "u" }],
    ["logprobs", { logprobs: 2 }],
    ["cacheKey", { cacheKey: "k" }],
    ["output.modalities", { output: { modalities: ["image"] } }],
    ["output.audio", { output: { audio: {} } }],
    ["responseFormat", { responseFormat: { type: "json" } }],
    ["parallelToolCalls", { tools: [f], parallelToolCalls: false }],
    ["toolChoice", { toolChoice: "auto" }],
    ["stop", { stop: ["\n"] }],
    ["messages.0.name", { messages: [{ role: "user", content: "a", name: "n" }] }],
    ["tools.0", { tools: [{ type: "provider", id: "openai/web_search" }] }],
    ["messages.0.extensions", { messages: [{ ...hello, extensions: { bedrock: { a: 1 } } }] }],
  ])("warn about %s", (field, request) => {
    expect(encode(request).fields).toEqual([`unsupported ${field}`]);
  });

  it("refuse `continues`, and turn metadata that is not text into text", () => {
    expect(() => encode({ continues: { provider: "bedrock", id: "x" } })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }),
    );
    const { body, fields } = encode({ metadata: { a: "b", n: 1 } });
    expect(body["requestMetadata"]).toEqual({ a: "b", n: "1" });
    expect(fields).toEqual(["changed metadata.n"]);
  });
});

describe("caching", () => {
  const marked = (text: string) => ({ type: "text" as const, text, cache: {} });
  it("puts points behind what is marked, and keeps four", () => {
    const { body, fields } = encode({
      messages: [
        { role: "system", content: [marked("s")] },
        { role: "user", content: [marked("1"), marked("2")] },
        { ...hello, cache: { ttl: "1h" } },
      ],
      tools: [{ ...f, cache: {} }],
    });
    const point = { cachePoint: { type: "default" } };
    expect(body["system"]).toEqual([{ text: "s" }, point]);
    expect(body["toolConfig"]).toMatchObject({ tools: [{ toolSpec: { name: "f" } }, point] });
    expect(turn(body, 0)).toEqual([
      { text: "1" },
      { text: "2" },
      point,
      { text: "Hello" },
      { cachePoint: { type: "default", ttl: "1h" } },
    ]);
    expect(fields).toEqual(["unsupported messages.1.content.0.cache"]);
  });
});

describe("extensions", () => {
  it("reach body, part and tool verbatim, and no other provider's leaks", () => {
    const foreign = { anthropic: { leak: true } };
    const { body, http } = encode({
      messages: [
        {
          role: "user",
          content: [
            {
              type: "text",
              text: "Who?",
              extensions: {
                "bedrock-converse": { guardContent: { text: { text: "Who?", qualifiers: ["query"] } } },
                ...foreign,
              },
            },
            {
              type: "file",
              data: "aGk=",
              mediaType: "application/pdf",
              name: "n",
              extensions: { bedrock: { document: { context: "c" } } },
            },
          ],
        },
      ],
      tools: [{ ...f, extensions: { bedrock: { toolSpec: { more: 1 } }, ...foreign } }],
      extensions: {
        "bedrock-converse": {
          guardrailConfig: { guardrailIdentifier: "g" },
          inferenceConfig: { maxTokens: 7 },
        },
        bedrock: { guardrailConfig: { guardrailVersion: "2" } },
        ...foreign,
      },
      maxTokens: 5,
    });
    expect(body).toMatchObject({
      guardrailConfig: { guardrailIdentifier: "g", guardrailVersion: "2" },
      inferenceConfig: { maxTokens: 7 },
      toolConfig: { tools: [{ toolSpec: { name: "f", more: 1 } }] },
    });
    expect(turn(body, 0)).toEqual([
      { guardContent: { text: { text: "Who?", qualifiers: ["query"] } } },
      { document: { format: "pdf", name: "n", source: { bytes: "aGk=" }, context: "c" } },
    ]);
    expect(http.body).not.toContain("leak");
  });
});
