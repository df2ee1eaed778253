import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  AiClient,
  type ChatRequest,
  type ChatResponse,
  type DialectId,
  defineProvider,
  type Extensions,
  type JsonObject,
  type Message,
  type ProviderData,
  type Quirks,
} from "../src/index.js";
import { type Simulator, startSimulator } from "../src/testing/simulator.js";
import { type SimulatedEndpoint, simulatedEndpoint } from "./support/simulated-endpoint.js";

/** Where vendor fields may stand in a request. */
type Level =
  | "request"
  | "system message"
  | "system part"
  | "user message"
  | "user's text"
  | "user's picture"
  | "assistant message"
  | "assistant's text"
  | "call"
  | "tool message"
  | "result"
  | "tool";

const user: Message = { role: "user", content: "Hi" };
const call = { type: "tool-call", id: "abcdefghi", name: "f", arguments: {} } as const;
const result = { type: "tool-result", id: "abcdefghi", content: "found" } as const;
const called: Message[] = [user, { role: "assistant", content: [call] }];
const tool = { type: "function", name: "f", parameters: { type: "object", properties: {} } } as const;
const picture = { type: "image", data: "aGk=", mediaType: "image/png" } as const;

/** A request with vendor fields at one place. */
const REQUESTS: Readonly<Record<Level, (extensions: Extensions) => ChatRequest>> = {
  request: (extensions) => ({ messages: [user], extensions }),
  "system message": (extensions) => ({ messages: [{ role: "system", content: "S", extensions }, user] }),
  "system part": (extensions) => ({
    messages: [{ role: "system", content: [{ type: "text", text: "S", extensions }] }, user],
  }),
  "user message": (extensions) => ({ messages: [{ ...user, extensions }] }),
  "user's text": (extensions) => ({
    messages: [{ role: "user", content: [{ type: "text", text: "Hi", extensions }] }],
  }),
  "user's picture": (extensions) => ({
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "Hi" },
          { ...picture, extensions },
        ],
      },
    ],
  }),
  "assistant message": (extensions) => ({
    messages: [user, { role: "assistant", content: "A", extensions }, user],
  }),
  "assistant's text": (extensions) => ({
    messages: [user, { role: "assistant", content: [{ type: "text", text: "A", extensions }] }, user],
  }),
  call: (extensions) => ({
    messages: [
      user,
      { role: "assistant", content: [{ ...call, extensions }] },
      { role: "tool", content: [result] },
    ],
    tools: [tool],
  }),
  "tool message": (extensions) => ({
    messages: [...called, { role: "tool", content: [result], extensions }],
    tools: [tool],
  }),
  result: (extensions) => ({
    messages: [...called, { role: "tool", content: [{ ...result, extensions }] }],
    tools: [tool],
  }),
  tool: (extensions) => ({ messages: [user], tools: [{ ...tool, extensions }] }),
};
const LEVELS = Object.keys(REQUESTS) as Level[];

/** Where each dialect puts them, a path in its body; where it has no place, which field the warning names. */
type Places = Readonly<Record<Level, string | { readonly warns: string }>>;

const LIKE_OPENAI: Places = {
  request: "",
  "system message": "messages.0",
  "system part": "messages.0.content.0",
  "user message": "messages.0",
  "user's text": "messages.0.content.0",
  "user's picture": "messages.0.content.1",
  "assistant message": "messages.1",
  "assistant's text": "messages.1.content.0",
  call: "messages.1.tool_calls.0",
  "tool message": "messages.2",
  result: "messages.2",
  tool: "tools.0",
};

const PLACES: Readonly<Record<DialectId, Places>> = {
  "openai-chat": LIKE_OPENAI,
  "openai-responses": {
    request: "",
    "system message": "input.0",
    "system part": "input.0.content.0",
    "user message": "input.0",
    "user's text": "input.0.content.0",
    "user's picture": "input.0.content.1",
    "assistant message": "input.1",
    "assistant's text": "input.1.content.0",
    call: "input.1",
    "tool message": "input.2",
    result: "input.2",
    tool: "tools.0",
  },
  "anthropic-messages": {
    ...LIKE_OPENAI,
    "system message": { warns: "messages.0.extensions" },
    "system part": "system.0",
    call: "messages.1.content.0",
    result: "messages.2.content.0",
  },
  gemini: {
    request: "",
    "system message": "systemInstruction",
    "system part": "systemInstruction.parts.0",
    "user message": "contents.0",
    "user's text": "contents.0.parts.0",
    "user's picture": "contents.0.parts.1",
    "assistant message": "contents.1",
    "assistant's text": "contents.1.parts.0",
    call: "contents.1.parts.0",
    "tool message": "contents.2",
    result: "contents.2.parts.0",
    tool: "tools.0.functionDeclarations.0",
  },
  "mistral-chat": LIKE_OPENAI,
  "cohere-chat": LIKE_OPENAI,
  "bedrock-converse": {
    request: "",
    "system message": { warns: "messages.0.extensions" },
    "system part": "system.0",
    "user message": { warns: "messages.0.extensions" },
    "user's text": "messages.0.content.0",
    "user's picture": "messages.0.content.1",
    "assistant message": { warns: "messages.1.extensions" },
    "assistant's text": "messages.1.content.0",
    call: "messages.1.content.0",
    "tool message": { warns: "messages.2.extensions" },
    result: "messages.2.content.0",
    tool: "toolConfig.tools.0",
  },
  "ollama-chat": {
    ...LIKE_OPENAI,
    "system part": { warns: "messages.0.content.0.extensions" },
    "user's text": { warns: "messages.0.content.0.extensions" },
    "user's picture": { warns: "messages.0.content.1.extensions" },
    "assistant's text": { warns: "messages.1.content.0.extensions" },
  },
};

/** How a dialect's own objects, arrays and scalars give way to a vendor's fields. */
interface Merging {
  readonly request: Partial<ChatRequest>;
  readonly fields: JsonObject;
  readonly body: JsonObject;
}
const temperature = { temperature: 0.5 };
const MERGING: Readonly<Record<DialectId, Merging>> = {
  "openai-chat": {
    request: { ...temperature, stop: ["a", "b"], responseFormat: { type: "json" } },
    fields: { temperature: 1, stop: ["c"], response_format: { x: null } },
    body: { temperature: 1, stop: ["c"], response_format: { type: "json_object", x: null } },
  },
  "openai-responses": {
    request: { ...temperature, reasoning: { effort: "low" } },
    fields: { temperature: 1, include: ["x"], reasoning: { x: null } },
    body: { temperature: 1, include: ["x"], reasoning: { effort: "low", x: null } },
  },
  "anthropic-messages": {
    request: { ...temperature, stop: ["a", "b"], tools: [tool], toolChoice: "required" },
    fields: { temperature: 1, stop_sequences: ["c"], tool_choice: { x: null } },
    body: { temperature: 1, stop_sequences: ["c"], tool_choice: { type: "any", x: null } },
  },
  gemini: {
    request: { ...temperature, stop: ["a", "b"] },
    fields: { generationConfig: { stopSequences: ["c"], x: null } },
    body: { generationConfig: { temperature: 0.5, stopSequences: ["c"], x: null } },
  },
  "mistral-chat": {
    request: { ...temperature, stop: ["a", "b"], responseFormat: { type: "json" } },
    fields: { temperature: 1, stop: ["c"], response_format: { x: null } },
    body: { temperature: 1, stop: ["c"], response_format: { type: "json_object", x: null } },
  },
  "cohere-chat": {
    request: { ...temperature, stop: ["a", "b"], responseFormat: { type: "json" } },
    fields: { temperature: 1, stop_sequences: ["c"], response_format: { x: null } },
    body: { temperature: 1, stop_sequences: ["c"], response_format: { type: "json_object", x: null } },
  },
  "bedrock-converse": {
    request: { ...temperature, stop: ["a", "b"] },
    fields: { inferenceConfig: { stopSequences: ["c"], x: null }, additionalModelRequestFields: { k: 1 } },
    body: {
      inferenceConfig: { temperature: 0.5, stopSequences: ["c"], x: null },
      additionalModelRequestFields: { k: 1 },
    },
  },
  "ollama-chat": {
    request: { ...temperature, stop: ["a", "b"] },
    fields: { options: { stop: ["c"], num_ctx: 9 }, keep_alive: 0 },
    body: { options: { temperature: 0.5, stop: ["c"], num_ctx: 9 }, keep_alive: 0 },
  },
};

/** Where a dialect puts the marks of a system prompt, a part and a tool; null where it knows none and warns. */
const MARKS: Readonly<
  Record<DialectId, Readonly<Record<"system" | "part" | "tool", [string, unknown] | null>>>
> = {
  "openai-chat": {
    system: ["messages.0.content.0.cache_control", { type: "ephemeral", ttl: "1h" }],
    part: ["messages.1.content.0.cache_control", { type: "ephemeral" }],
    tool: ["tools.0.cache_control", { type: "ephemeral" }],
  },
  "openai-responses": {
    system: ["input.0.content.0.prompt_cache_breakpoint", { mode: "explicit" }],
    part: ["input.1.content.0.prompt_cache_breakpoint", { mode: "explicit" }],
    tool: null,
  },
  "anthropic-messages": {
    system: ["system.0.cache_control", { type: "ephemeral", ttl: "1h" }],
    part: ["messages.0.content.0.cache_control", { type: "ephemeral" }],
    tool: ["tools.0.cache_control", { type: "ephemeral" }],
  },
  gemini: { system: null, part: null, tool: null },
  "mistral-chat": { system: null, part: null, tool: null },
  "cohere-chat": { system: null, part: null, tool: null },
  "bedrock-converse": {
    system: ["system.1", { cachePoint: { type: "default", ttl: "1h" } }],
    part: ["messages.0.content.1", { cachePoint: { type: "default" } }],
    tool: ["toolConfig.tools.1", { cachePoint: { type: "default" } }],
  },
  "ollama-chat": { system: null, part: null, tool: null },
};

/** Endpoints of these dialects take marks where they are known to. */
const TAKES_MARKS: Partial<Record<DialectId, Quirks>> = {
  "openai-chat": { cacheControl: true },
  "openai-responses": { cacheBreakpoints: true },
};

function at(body: unknown, path: string): unknown {
  let found = body;
  for (const key of path === "" ? [] : path.split("."))
    found = (found as Record<string, unknown> | undefined)?.[key];
  return found;
}

/** What must reach nobody: it is another's. */
const LEAK = "another-vendor-s";

describe.each(Object.keys(PLACES) as DialectId[])("%s", (dialect) => {
  let simulator: Simulator;
  let endpoint: SimulatedEndpoint;
  const others = (Object.keys(PLACES) as DialectId[]).filter((other) => other !== dialect);
  const foreign: Extensions = Object.fromEntries(
    [...others, "openai", "anthropic", "acme", "LABS", ""].map((key) => [key, { [LEAK]: LEAK }]),
  );

  beforeAll(async () => {
    simulator = await startSimulator();
    endpoint = simulatedEndpoint(simulator, "labs", dialect);
  });
  afterEach(() => {
    endpoint.sent.length = 0;
  });
  afterAll(async () => {
    await endpoint.close?.();
    await simulator.close();
  });

  async function sent(
    request: ChatRequest,
    quirks: Quirks = {},
  ): Promise<{ readonly body: JsonObject; readonly response: ChatResponse }> {
    const labs = defineProvider(
      {
        id: "labs",
        dialect,
        baseUrl: "https://labs.example",
        model: "m",
        auth: { style: "none" },
        quirks,
      } as ProviderData,
      { transport: endpoint },
    );
    const response = await new AiClient(labs).chat(request);
    const [only] = endpoint.sent;
    expect(endpoint.sent).toHaveLength(1);
    expect(JSON.stringify(only)).not.toContain(LEAK);
    return { body: JSON.parse(String(only?.body)), response };
  }

  describe.each(LEVELS)("vendor fields of the %s", (level) => {
    const place = PLACES[dialect][level];
    /** Fields of the dialect, and the provider's over them: objects merge, the rest is replaced. */
    const both: Extensions = {
      ...foreign,
      [dialect]: { x_deep: { a: 1, deeper: { b: [1, 2] } }, x_list: [1, 2], x_text: "dialect's" },
      labs: { x_deep: { deeper: { c: null } }, x_list: [3], x_text: "provider's", "x ü": [false, null] },
    };

    if (typeof place === "string")
      it("reach their place verbatim, the provider's over the dialect's", async () => {
        const { body } = await sent(REQUESTS[level](both));
        expect(at(body, place)).toMatchObject({
          x_deep: { a: 1, deeper: { b: [1, 2], c: null } },
          x_list: [3],
          x_text: "provider's",
          "x ü": [false, null],
        });
      });
    else
      it("have no place, which a warning says", async () => {
        const { body, response } = await sent(REQUESTS[level](both));
        expect(JSON.stringify(body)).not.toContain("x_deep");
        expect(response.warnings).toContainEqual(
          expect.objectContaining({ code: "unsupported", field: place.warns }),
        );
      });

    it("leave the body as it was if they are another's", async () => {
      const plain = await sent(REQUESTS[level]({}));
      endpoint.sent.length = 0;
      const { body, response } = await sent(REQUESTS[level](foreign));
      expect(body).toEqual(plain.body);
      expect(response.warnings).toEqual(plain.response.warnings);
    });
  });

  it("merges into its own objects, and replaces its own arrays and scalars", async () => {
    const { request, fields, body } = MERGING[dialect];
    for (const key of [dialect, "labs"]) {
      const written = await sent({ messages: [user], ...request, extensions: { [key]: fields } });
      expect(written.body).toMatchObject(body);
      endpoint.sent.length = 0;
    }
  });

  it("lets no field reach the prototype", async () => {
    const fields = JSON.parse(
      '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
    );
    const { body } = await sent({ messages: [user], extensions: { [dialect]: fields } });
    expect(JSON.stringify(body)).not.toContain("__proto__");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("puts cache marks if it has a place for them, and warns if it has none", async () => {
    const { body, response } = await sent(
      {
        messages: [
          { role: "system", content: "S", cache: { ttl: "1h" } },
          {
            role: "user",
            content: [
              { type: "text", text: "A long text", cache: {} },
              { type: "text", text: "Hi" },
            ],
          },
        ],
        tools: [{ ...tool, cache: {} }],
      },
      TAKES_MARKS[dialect],
    );
    const fields = { system: "messages.0", part: "messages.1.content.0", tool: "tools.0" };
    for (const [name, field] of Object.entries(fields) as ["system" | "part" | "tool", string][]) {
      const mark = MARKS[dialect][name];
      const warned = response.warnings.some(
        // A mark may stay without its lifetime.
        ({ field: at = "" }) => at.startsWith(`${field}.`) && !at.endsWith(".ttl"),
      );
      expect({ name, warned }).toEqual({ name, warned: mark === null });
      if (mark !== null) expect(at(body, mark[0])).toEqual(mark[1]);
    }
  });
});
