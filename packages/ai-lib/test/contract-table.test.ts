import { describe, expect, it } from "vitest";
import type { ChatRequest } from "../src/core/values/chat-request.js";
import type { EndFacts } from "../src/core/values/chat-response.js";
import type { ContentPart, UserPart } from "../src/core/values/message.js";
import type { FunctionTool, Tool } from "../src/core/values/tool.js";
import type { Usage } from "../src/core/values/usage.js";
import { loadDialects } from "./laws/lost-fields.js";
import { framesFor, replayBody, replayFrames, responseOf, targetFor } from "./support/halves.js";

/** Quirks of the endpoints that have the most of their dialect, and the model to ask. */
const TARGETS: Readonly<
  Record<string, { readonly model?: string; readonly quirks?: object; provider?: string }>
> = {
  "openai-chat": {
    provider: "openai",
    quirks: { customTools: true, allowedTools: true, reasoningEfforts: ["low", "xhigh", "max"] },
  },
  "openai-responses": {
    provider: "openai",
    quirks: { cacheBreakpoints: true, reasoningEfforts: ["low", "xhigh", "max"] },
  },
  "anthropic-messages": { provider: "anthropic", model: "claude-opus-4-7" },
  "bedrock-converse": { provider: "bedrock", model: "anthropic.claude-opus-4-7-v1:0" },
  gemini: { provider: "gemini", model: "gemini-3-pro" },
};

const f: FunctionTool = { type: "function", name: "f", parameters: { type: "object", properties: {} } };
const g: FunctionTool = { ...f, name: "g" };
const tool = (fields: Partial<FunctionTool>): Partial<ChatRequest> => ({ tools: [{ ...f, ...fields }] });
const user = (part: UserPart): Partial<ChatRequest> => ({ messages: [{ role: "user", content: [part] }] });
const pdf = { type: "file", data: "aGk=", mediaType: "application/pdf", name: "a.pdf" } as const;
const grammar: Tool = { type: "text-tool", name: "t", grammar: { syntax: "regex", definition: "a+" } };

const ANTHROPIC = "anthropic-messages";
const CHAT = "openai-chat";
const RESPONSES = "openai-responses";
const BEDROCK = "bedrock-converse";
const MISTRAL = "mistral-chat";

/** A field of requests, a request that has it, and the dialects that carry it; the others warn. */
const REQUESTS: readonly (readonly [
  field: string,
  ask: Partial<ChatRequest>,
  carriers: readonly string[],
])[] = [
  ["reasoning.effort", { reasoning: { effort: "xhigh" } }, [ANTHROPIC, BEDROCK, MISTRAL, RESPONSES, CHAT]],
  ["reasoning.effort", { reasoning: { effort: "max" } }, [ANTHROPIC, BEDROCK, RESPONSES, CHAT]],
  ["reasoning.keep", { reasoning: { keep: "turn" } }, [ANTHROPIC, RESPONSES]],
  ["reasoning.when", { reasoning: { when: "between-tools" } }, [ANTHROPIC, BEDROCK]],
  ["promptCache.prewarm", { promptCache: { prewarm: true } }, [RESPONSES]],
  ["promptCache.compareWith", { promptCache: { compareWith: "r" } }, [ANTHROPIC, RESPONSES]],
  ["contextManagement", { contextManagement: { compactAt: 9_000 } }, [ANTHROPIC, RESPONSES]],
  ["contextManagement", { contextManagement: { clearToolResults: { keep: 2 } } }, [ANTHROPIC]],
  ["tools.0.deferLoading", tool({ deferLoading: true }), [ANTHROPIC, RESPONSES]],
  ["tools.0.examples", tool({ examples: [{ a: 1 }] }), [ANTHROPIC]],
  ["tools.0.outputSchema", tool({ outputSchema: { type: "object" } }), ["gemini", RESPONSES]],
  ["tools.0.eager", tool({ eager: true }), [ANTHROPIC]],
  ["tools.0.callers", tool({ callers: ["model", "code"] }), [ANTHROPIC, RESPONSES]],
  ["tools.0.async", tool({ async: true }), [RESPONSES]],
  ["tools.0.callers", { tools: [{ ...grammar, callers: ["code"] }] }, [ANTHROPIC, RESPONSES]],
  ["tools.0.grammar", { tools: [grammar] }, [RESPONSES, CHAT]],
  ["toolChoice", { tools: [f, g], toolChoice: { names: ["f"], mode: "auto" } }, [RESPONSES, CHAT]],
  ["maxToolCalls", { maxToolCalls: 2 }, [RESPONSES]],
  ["verbosity", { verbosity: "low" }, [RESPONSES, CHAT]],
  ["store", { store: true }, [RESPONSES, CHAT]],
  ["logitBias", { logitBias: { 5: 1 } }, [CHAT]],
  ["prediction", { prediction: "a" }, [MISTRAL, CHAT]],
  ["messages.0.content.0.context", user({ ...pdf, context: "Old." }), [ANTHROPIC, BEDROCK]],
  ["messages.0.content.0.citations", user({ ...pdf, citations: true }), [ANTHROPIC, BEDROCK]],
  [
    "messages.0.content.0.clip",
    user({ type: "file", data: "aGk=", mediaType: "video/mp4", clip: { fps: 2, start: 1.5, end: 9 } }),
    ["gemini"],
  ],
];

/** A request for hidden thinking: what the body says, or that a warning says that it cannot be. */
const HIDDEN: Readonly<Record<string, object | "warned">> = {
  [ANTHROPIC]: { thinking: { display: "omitted" } },
  [BEDROCK]: { additionalModelRequestFields: { thinking: { display: "omitted" } } },
  gemini: { generationConfig: { thinkingConfig: { includeThoughts: false } } },
  // Without a wish there is no summary.
  [RESPONSES]: { reasoning: { effort: "low" } },
  [CHAT]: "warned",
  [MISTRAL]: "warned",
  "cohere-chat": "warned",
  "ollama-chat": "warned",
};

function valueAt(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((at, step) => (at as { [key: string]: unknown } | undefined)?.[step], value);
}

const dialects = await loadDialects();
const ids = dialects.map(({ id }) => id);
const targetOf = (id: string) => {
  const { provider = "p", model = "m", quirks = {} } = TARGETS[id] ?? {};
  return { ...targetFor(provider, quirks as Readonly<Record<string, unknown>>), model };
};

describe("a field of a request", () => {
  it.each(REQUESTS)("%s %j is carried, or warned about", (field, ask, carriers) => {
    const carried: string[] = [];
    for (const { id, client, server } of dialects) {
      const request: ChatRequest = {
        messages: [{ role: "user", content: "Hi" }],
        maxTokens: 20_000,
        ...ask,
      };
      let warned: string[];
      let back: unknown;
      try {
        const { http, warnings } = client.encode(request, "unary", targetOf(id));
        warned = warnings.map((warning) => warning.field ?? "");
        back = valueAt(server.decode(http).request, field);
      } catch (error) {
        // A file that the dialect cannot show to its model is refused.
        expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE" });
        continue;
      }
      const isCarried = JSON.stringify(back) === JSON.stringify(valueAt(request, field));
      const isWarned = warned.some((one) => field.startsWith(one) || one.startsWith(field));
      expect([id, isCarried !== isWarned]).toEqual([id, true]);
      if (isCarried) carried.push(id);
    }
    expect(carried.sort()).toEqual([...carriers].sort());
  });
});

it("hides thinking if a dialect can, and warns elsewhere", () => {
  for (const { id, client } of dialects) {
    const request: ChatRequest = {
      messages: [{ role: "user", content: "Hi" }],
      maxTokens: 20_000,
      reasoning: { effort: "low", summary: "none" },
    };
    const { http, warnings } = client.encode(request, "unary", targetOf(id));
    const expected = HIDDEN[id] ?? "warned";
    if (expected === "warned")
      expect([id, ...warnings.map(({ field }) => field)]).toContain("reasoning.summary");
    else expect([id, JSON.parse(http.body ?? "")]).toMatchObject([id, expected]);
  }
});

const usage = (fields: Partial<Usage>): Partial<EndFacts> => ({
  usage: { inputTokens: 100, outputTokens: 50, ...fields },
});

/** A field of answers, the facts that have it, and the dialects that carry it; `cannot` names it for the others. */
const ANSWERS: readonly (readonly [field: string, facts: Partial<EndFacts>, carriers: readonly string[]])[] =
  [
    ["finishReason", { finishReason: "paused" }, [ANTHROPIC]],
    [
      "usage.cacheWrites",
      usage({ cacheWriteInputTokens: 9, cacheWrites: [{ ttl: "1h", tokens: 9 }] }),
      [ANTHROPIC, BEDROCK],
    ],
    [
      "usage.inputByModality",
      usage({ inputByModality: { text: 90, audio: 10 } }),
      [CHAT, RESPONSES, "gemini"],
    ],
    ["usage.toolUses", usage({ toolUses: { web_search: 2 } }), [ANTHROPIC, RESPONSES, CHAT]],
    [
      "usage.passes",
      usage({ passes: [{ type: "message", inputTokens: 100, outputTokens: 50, model: "m" }] }),
      [ANTHROPIC],
    ],
    ["refusal.category", { finishReason: "content-filter", refusal: { category: "cyber" } }, [ANTHROPIC]],
    ["serviceTier", { serviceTier: "flex" }, [ANTHROPIC, BEDROCK, "gemini", MISTRAL, RESPONSES, CHAT]],
    ["cacheMiss", { cacheMiss: "tools_changed" }, [ANTHROPIC, RESPONSES]],
    ["content.0.phase", {}, [RESPONSES]],
    ["content.1.input", {}, [RESPONSES, CHAT]],
  ];

describe("a field of an answer", () => {
  const content: ContentPart[] = [
    { type: "text", text: "On it.", phase: "commentary" },
    { type: "tool-call", id: "call12345", name: "t", input: "ls" },
  ];
  it.each(ANSWERS)(
    "%s is carried whole and streamed, or named in what a dialect cannot",
    (field, facts, carriers) => {
      const parts = field.startsWith("content") ? content : content.slice(0, 1);
      const answer = responseOf(parts, { finishReason: "stop", ...usage({}), ...facts });
      const carried: string[] = [];
      for (const { id, client, server, cannot } of dialects) {
        const whole = replayBody(client, targetOf(id), server.encode(answer, { id: "x", created: 0 }).body);
        const streamed = replayFrames(client, targetOf(id), framesFor(server, answer)).outcome;
        const expected = JSON.stringify(valueAt(answer, field));
        const found = [whole, streamed].map(
          (one) =>
            one !== undefined &&
            "response" in one &&
            JSON.stringify(valueAt(one.response, field)) === expected,
        );
        expect([id, found[0]]).toEqual([id, found[1]]);
        if (found[0] === true) carried.push(id);
        else if (!field.startsWith("content") && field !== "finishReason")
          expect([
            id,
            Object.keys(cannot).some(
              (key) => key === field || field.startsWith(`${key}.`) || key.startsWith(`${field}.`),
            ),
          ]).toEqual([id, true]);
      }
      expect(carried.sort()).toEqual([...carriers].sort());
    },
  );
});

it("has all dialects", () => {
  expect(ids.length).toBe(8);
});
