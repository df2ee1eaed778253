import fc from "fast-check";
import type {
  ChatRequest,
  ContextManagement,
  PromptCache,
  Reasoning,
  ResponseFormat,
} from "../../../src/core/values/chat-request.js";
import type {
  AssistantMessage,
  Message,
  SystemMessage,
  ToolMessage,
  ToolResultPart,
  UserMessage,
  UserPart,
} from "../../../src/core/values/message.js";
import type {
  FunctionTool,
  ProviderTool,
  TextTool,
  Tool,
  ToolChoice,
} from "../../../src/core/values/tool.js";
import {
  audioPart,
  cache,
  contentParts,
  cutCall,
  extensionsOf,
  filePart,
  imagePart,
  object,
  prose,
  type Scope,
  schema,
  textPart,
  toolResultPart,
  word,
  written,
} from "./parts.js";
import { record } from "./record.js";

const seldom = 12;

function systemMessage(scope: Scope): fc.Arbitrary<SystemMessage> {
  return record<SystemMessage>(
    {
      role: fc.constant("system"),
      content: fc.oneof(prose, fc.array(written(textPart(scope)), { minLength: 1, maxLength: 2 })),
      cache,
      extensions: extensionsOf(scope),
    },
    ["role", "content"],
    seldom,
  );
}

function userMessage(scope: Scope): fc.Arbitrary<UserMessage> {
  const part: fc.Arbitrary<UserPart> = fc.oneof(
    { weight: 6, arbitrary: written(textPart(scope)) },
    { weight: 3, arbitrary: written(imagePart(scope)) },
    { weight: 1, arbitrary: written(audioPart(scope)) },
    { weight: 2, arbitrary: written(filePart(scope)) },
  );
  return record<UserMessage>(
    {
      role: fc.constant("user"),
      content: fc.oneof(prose, fc.array(part, { minLength: 1, maxLength: 3 })),
      name: word,
      cache,
      extensions: extensionsOf(scope),
    },
    ["role", "content"],
    seldom,
  );
}

function assistantMessage(scope: Scope): fc.Arbitrary<AssistantMessage> {
  const broken = fc.tuple(contentParts(scope, 3), cutCall).map(([parts, call]) => [...parts, call]);
  return record<AssistantMessage>(
    {
      role: fc.constant("assistant"),
      content: fc.oneof(
        { weight: 3, arbitrary: prose },
        { weight: 8, arbitrary: contentParts(scope).filter((parts) => parts.length > 0) },
        { weight: 1, arbitrary: broken },
      ),
      incomplete: fc.constant(true),
      cache,
      extensions: extensionsOf(scope),
    },
    ["role", "content"],
    seldom,
  );
}

/** One turn of the model, the results of the calls that the caller ran, and the user's next words. */
function exchange(scope: Scope): fc.Arbitrary<Message[]> {
  return fc
    .tuple(
      assistantMessage(scope),
      fc.array(toolResultPart(scope), { minLength: 5, maxLength: 5 }),
      record<Omit<ToolMessage, "content">>(
        { role: fc.constant("tool"), cache, extensions: extensionsOf(scope) },
        ["role"],
        seldom,
      ),
      userMessage(scope),
    )
    .map(([turn, results, tool, next]) => {
      const parts = typeof turn.content === "string" ? [] : turn.content;
      const answers = parts.flatMap((part, i): ToolResultPart[] => {
        if (
          part.type !== "tool-call" ||
          part.executedBy !== undefined ||
          (part.arguments ?? part.input) === undefined
        )
          return [];
        const answer = results[i % results.length];
        if (answer === undefined) return [];
        const { executedBy: _ran, origin: _state, ...result } = answer;
        return [{ ...result, id: part.id, ...(result.name === undefined ? {} : { name: part.name }) }];
      });
      return [turn, ...(answers.length === 0 ? [] : [{ ...tool, content: answers }]), next];
    });
}

function conversation(scope: Scope): fc.Arbitrary<Message[]> {
  return fc
    .tuple(
      fc.option(systemMessage(scope), { nil: undefined }),
      userMessage(scope),
      fc.array(exchange(scope), { maxLength: 2 }),
    )
    .map(([system, first, exchanges]) => [
      ...(system === undefined ? [] : [system]),
      first,
      ...exchanges.flat(),
    ]);
}

function functionTool(scope: Scope): fc.Arbitrary<FunctionTool> {
  return record<FunctionTool>(
    {
      type: fc.constant("function"),
      name: word,
      description: prose,
      parameters: schema,
      strict: fc.boolean(),
      outputSchema: schema,
      examples: fc.array(object, { minLength: 1, maxLength: 2 }),
      deferLoading: fc.boolean(),
      eager: fc.boolean(),
      callers: fc.constantFrom(["model"], ["code"], ["model", "code"]),
      async: fc.boolean(),
      cache,
      extensions: extensionsOf(scope),
    },
    ["type", "name", "parameters"],
    4,
  );
}

function textTool(scope: Scope): fc.Arbitrary<TextTool> {
  return record<TextTool>(
    {
      type: fc.constant("text-tool"),
      name: word,
      description: prose,
      grammar: fc.record({ syntax: fc.constantFrom("lark", "regex"), definition: prose }),
      deferLoading: fc.boolean(),
      callers: fc.constantFrom(["model"], ["code"], ["model", "code"]),
      async: fc.boolean(),
      cache,
      extensions: extensionsOf(scope),
    },
    ["type", "name"],
    3,
  );
}

function providerTool(scope: Scope): fc.Arbitrary<ProviderTool> {
  return record<ProviderTool>(
    {
      type: fc.constant("provider"),
      id: fc.constant(`${scope.stranger}/web_search` as const),
      options: object,
      cache,
    },
    ["type", "id"],
    3,
  );
}

const responseFormat: fc.Arbitrary<ResponseFormat> = fc.oneof(
  fc.constant<ResponseFormat>({ type: "text" }),
  fc.constant<ResponseFormat>({ type: "json" }),
  record<Extract<ResponseFormat, { type: "json-schema" }>>(
    {
      type: fc.constant("json-schema"),
      schema,
      name: word,
      description: prose,
      strict: fc.boolean(),
    },
    ["type", "schema"],
    3,
  ),
);

const reasoning = record<Reasoning>(
  {
    effort: fc.constantFrom("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    budgetTokens: fc.integer({ min: 1_024, max: 9_999 }),
    summary: fc.constantFrom("none", "auto", "concise", "detailed"),
    keep: fc.constantFrom("turn", "all"),
    when: fc.constantFrom("between-tools"),
  },
  [],
  2,
);

const promptCache = record<PromptCache>(
  {
    mode: fc.constantFrom("auto", "marks"),
    ttl: fc.constantFrom("5m", "1h", "30m"),
    compareWith: word,
    prewarm: fc.boolean(),
  },
  [],
  2,
);

const tokens = fc.integer({ min: 1_000, max: 99_999 });
const contextManagement = record<ContextManagement>(
  {
    compactAt: tokens,
    clearToolResults: record<NonNullable<ContextManagement["clearToolResults"]>>(
      { at: tokens, keep: fc.integer({ min: 1, max: 9 }) },
      [],
      2,
    ),
  },
  [],
  2,
);

type Output = NonNullable<ChatRequest["output"]>;
const output = record<Output>(
  {
    modalities: fc.uniqueArray(fc.constantFrom("text", "image", "audio"), { minLength: 1 }),
    audio: record<NonNullable<Output["audio"]>>(
      { voice: word, format: fc.constantFrom("wav", "mp3") },
      [],
      2,
    ),
  },
  [],
  2,
);

/** Requests that no rule of the contract forbids; each of the rarer fields in one of some ten of them. */
export function chatRequest(scope: Scope): fc.Arbitrary<ChatRequest> {
  const tools: fc.Arbitrary<readonly Tool[]> = fc
    .tuple(
      fc.uniqueArray(functionTool(scope), { minLength: 1, maxLength: 3, selector: (tool) => tool.name }),
      fc.option(textTool(scope), { nil: undefined, freq: 4 }),
      fc.option(providerTool(scope), { nil: undefined, freq: 8 }),
    )
    .map(([own, ...others]) => [...own, ...others.filter((tool) => tool !== undefined)]);
  const sampling = fc.constantFrom(0, 0.25, 0.5, 1);
  return record<ChatRequest>(
    {
      model: word,
      messages: conversation(scope),
      tools,
      toolChoice: fc.constantFrom<ToolChoice>(
        "auto",
        "none",
        "required",
        { name: "chosen" },
        { names: ["chosen"] },
        { names: [], mode: "auto" },
        { names: [], mode: "required" },
      ),
      parallelToolCalls: fc.boolean(),
      maxToolCalls: fc.integer({ min: 1, max: 99 }),
      responseFormat,
      maxTokens: fc.integer({ min: 1, max: 9_999 }),
      temperature: sampling,
      topP: sampling,
      topK: fc.nat(400),
      stop: fc.array(prose, { minLength: 1, maxLength: 2 }),
      seed: fc.nat(),
      presencePenalty: sampling,
      frequencyPenalty: sampling,
      logprobs: fc.oneof(fc.boolean(), fc.nat(5)),
      logitBias: fc.dictionary(fc.nat(50_000).map(String), fc.integer({ min: -100, max: 100 }), {
        minKeys: 1,
        maxKeys: 2,
      }),
      prediction: prose,
      verbosity: fc.constantFrom("low", "medium", "high"),
      reasoning,
      output,
      serviceTier: fc.constantFrom("flex", "standard", "priority", "fast", "scale"),
      cacheKey: word,
      promptCache,
      contextManagement,
      store: fc.boolean(),
      continues: fc.record({ provider: fc.constant(scope.stranger), id: word }),
      user: word,
      metadata: object as fc.Arbitrary<NonNullable<ChatRequest["metadata"]>>,
      extensions: extensionsOf(scope),
    },
    ["messages"],
    seldom,
  ).map(withChosenTool);
}

/** A choice of tools needs the tools; one among several needs two. */
function withChosenTool(request: ChatRequest): ChatRequest {
  const { toolChoice, tools = [] } = request;
  if (toolChoice === undefined) return request;
  const names = tools.flatMap((tool) => (tool.type === "provider" ? [] : [tool.name]));
  const wanted = typeof toolChoice === "object" && "names" in toolChoice ? 2 : 1;
  const missing = ["chosen", "other"].slice(0, Math.max(0, wanted - names.length));
  const added = missing.map((name): Tool => ({ type: "function", name, parameters: { type: "object" } }));
  const chosen = [...names, ...missing].slice(0, wanted);
  return { ...request, tools: [...tools, ...added], toolChoice: choiceOf(toolChoice, chosen) };
}

function choiceOf(choice: ToolChoice, [first = "", second = ""]: readonly string[]): ToolChoice {
  if (typeof choice === "string") return choice;
  return "names" in choice ? { ...choice, names: [first, second] } : { name: first };
}
