import { AiLibError } from "../../core/errors/error.js";
import type { Warning } from "../../core/values/answer.js";
import type { ChatEvent } from "../../core/values/chat-event.js";
import type { ChatRequest, ResponseFormat } from "../../core/values/chat-request.js";
import type { FinishReason } from "../../core/values/chat-response.js";
import type { FunctionTool } from "../../core/values/tool.js";
import type { CustomCall, CustomEnd } from "../../providers/own/adapter.js";
import type { Engine, Loaded } from "./engine.js";
import { EventPipe } from "./event-pipe.js";
import { grammarSchema } from "./grammar.js";
import type { Chat, Functions, Grammar, Sequence } from "./llama.js";
import { PartNumbers } from "./part-numbers.js";
import { writeHistory } from "./write-history.js";

/** Fields of a request that llama.cpp has no place for. */
const UNSUPPORTED = [
  "logprobs",
  "logitBias",
  "prediction",
  "verbosity",
  "output",
  "serviceTier",
  "cacheKey",
  "promptCache",
  "contextManagement",
  "continues",
  "user",
  "metadata",
  "extensions",
] as const satisfies readonly (keyof ChatRequest)[];

/** Answers one request with the events of a stream. */
export async function* generate(
  engine: Engine,
  request: ChatRequest,
  call: CustomCall,
): AsyncGenerator<ChatEvent, CustomEnd> {
  for (const warning of warningsOf(request)) yield { type: "warning", warning };
  const history = writeHistory(request.messages);
  const loaded = await engine.load();
  const forced = forcedTools(request);
  const functions = forced === undefined ? functionsOf(request) : undefined;
  const grammar = await grammarOf(request, forced, loaded);
  const pipe = new EventPipe<ChatEvent>();
  const parts = new PartNumbers(() => `call_${Math.floor(call.context.random() * 2 ** 52).toString(36)}`);
  // A call that the grammar forces is text until it is whole.
  let text = "";
  const running = engine.withChat(call.signal, async (chat, sequence) => {
    const inputTokens = countPrompt(chat, history, functions, loaded);
    const room = checkRoom(inputTokens, loaded);
    const before = sequence.tokenMeter.getState();
    const generated = await chat.generateResponse(history, {
      ...samplingOf(request),
      signal: call.signal,
      maxTokens: Math.min(request.maxTokens ?? room, room),
      ...(grammar !== undefined && { grammar }),
      ...(functions !== undefined && {
        functions,
        onFunctionCallParamsChunk: (chunk) => pipe.pushAll(parts.params(chunk)),
      }),
      onResponseChunk: (chunk) => {
        if (chunk.type === undefined && forced !== undefined) text += chunk.text;
        else pipe.pushAll(parts.piece(chunk));
      },
    });
    const usage = { inputTokens, outputTokens: outputTokens(sequence, before) };
    if (forced !== undefined) pipe.pushAll(parts.call(text));
    pipe.pushAll(parts.close());
    return { usage, ...endOf(generated.metadata.stopReason, parts.calls, request, room) };
  });
  yield* pipe.follow(running);
  return await running;
}

function warningsOf(request: ChatRequest): Warning[] {
  return UNSUPPORTED.filter((field) => request[field] !== undefined).map((field) => ({
    code: "unsupported",
    field,
    message: `A local model has no place for \`${field}\``,
  }));
}

function samplingOf({ temperature, topP, topK, seed, stop, ...request }: ChatRequest) {
  const { frequencyPenalty, presencePenalty, reasoning } = request;
  const thoughtTokens = reasoning?.effort === "none" ? 0 : reasoning?.budgetTokens;
  return {
    ...{ temperature, topP, topK, seed },
    ...(stop !== undefined && { customStopTriggers: stop }),
    ...((frequencyPenalty ?? presencePenalty) !== undefined && {
      repeatPenalty: { frequencyPenalty, presencePenalty },
    }),
    ...(thoughtTokens !== undefined && { budgets: { thoughtTokens } }),
  };
}

function functionTools({ tools = [] }: ChatRequest): FunctionTool[] {
  return tools.map((tool) => {
    if (tool.type === "function") return tool;
    throw new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `A local model takes functions as tools, and one has the type "${tool.type}"`,
      local: true,
    });
  });
}

/** The tools that the model may call; undefined where there are none. */
function functionsOf(request: ChatRequest): Functions | undefined {
  const tools = functionTools(request);
  if (tools.length === 0 || request.toolChoice === "none") return undefined;
  return Object.fromEntries(
    tools.map(({ name, description, parameters }) => [
      name,
      {
        ...(description !== undefined && { description }),
        params: grammarSchema(parameters, `the tool "${name}"`),
      },
    ]),
  );
}

/** The tools of which the model must call one; a grammar makes it. */
function forcedTools(request: ChatRequest): readonly FunctionTool[] | undefined {
  const { toolChoice } = request;
  if (toolChoice === undefined || toolChoice === "auto" || toolChoice === "none") return undefined;
  const tools = functionTools(request);
  const named = toolChoice === "required" ? tools : tools.filter(({ name }) => isNamed(toolChoice, name));
  return named.length === 0 ? undefined : named;
}

function isNamed(choice: Exclude<ChatRequest["toolChoice"], string | undefined>, name: string): boolean {
  return "name" in choice ? choice.name === name : JSON.stringify(choice).includes(JSON.stringify(name));
}

async function grammarOf(
  request: ChatRequest,
  forced: readonly FunctionTool[] | undefined,
  { llama }: Loaded,
): Promise<Grammar | undefined> {
  if (forced !== undefined) {
    const calls = forced.map(({ name, parameters }) => ({
      type: "object",
      properties: { name: { const: name }, arguments: grammarSchema(parameters, `the tool "${name}"`) },
    }));
    return llama.createGrammarForJsonSchema(calls.length === 1 && calls[0] ? calls[0] : { oneOf: calls });
  }
  const format: ResponseFormat = request.responseFormat ?? { type: "text" };
  if (format.type === "text") return undefined;
  if (functionsOf(request) !== undefined)
    throw new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: "A local model cannot have tools and a format of the answer in one request",
      local: true,
    });
  return format.type === "json"
    ? llama.getGrammarFor("json")
    : llama.createGrammarForJsonSchema(grammarSchema(format.schema, "the answer"));
}

function countPrompt(
  chat: Chat,
  chatHistory: Parameters<Chat["generateResponse"]>[0],
  availableFunctions: Functions | undefined,
  { model }: Loaded,
): number {
  const { contextText } = chat.chatWrapper.generateContextState({
    chatHistory,
    availableFunctions,
    documentFunctionParams: true,
  });
  return contextText.tokenize(model.tokenizer).length;
}

/**
 * How many tokens the answer can have.
 * @throws {AiLibError} `CONTEXT_TOO_LONG` where the prompt leaves no room. A prompt is never shortened.
 */
function checkRoom(inputTokens: number, { contextSize }: Loaded): number {
  const room = contextSize - inputTokens - 1;
  if (room > 0) return room;
  throw new AiLibError({
    code: "CONTEXT_TOO_LONG",
    message: `The prompt has ${inputTokens} tokens, and the context of this model has ${contextSize}: shorten it, or set a larger contextSize`,
    local: true,
  });
}

function outputTokens(
  { tokenMeter }: Sequence,
  before: ReturnType<Sequence["tokenMeter"]["getState"]>,
): number {
  return tokenMeter.diff(before).usedOutputTokens;
}

function endOf(
  rawFinishReason: string,
  calls: boolean,
  { maxTokens }: ChatRequest,
  room: number,
): { readonly finishReason: FinishReason; readonly rawFinishReason: string } {
  if (calls) return { finishReason: "tool-calls", rawFinishReason };
  if (rawFinishReason === "maxTokens")
    return {
      finishReason: "length",
      rawFinishReason: (maxTokens ?? room) < room ? rawFinishReason : "contextSize",
    };
  return { finishReason: rawFinishReason === "abort" ? "other" : "stop", rawFinishReason };
}
