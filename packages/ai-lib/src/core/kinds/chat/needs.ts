import type { Call } from "../../contract/call.js";
import type { ChatProvider } from "../../contract/provider.js";
import { type ContentPart, partsOf } from "../../values/message.js";
import type { Modality, ModelFacts } from "../../values/model.js";
import { tokensOf } from "../../values/usage.js";

/** What a call asks of whoever answers it. */
export interface Requirements {
  readonly input: ReadonlySet<Modality>;
  readonly output: ReadonlySet<Modality>;
  readonly tools: boolean;
  readonly structuredOutput: boolean;
  readonly reasoning: boolean;
}

/** Tokens assumed for a picture, a sound or a document: about what vendors charge for a medium one. */
const TOKENS_PER_MEDIUM = 1_000;

/** Answer tokens assumed for an estimate where the request sets no limit. */
const ASSUMED_OUTPUT_TOKENS = 500;

/** The model that a call asks for; undefined for the target's default. */
export function modelOf(call: Call): string | undefined {
  return namesModel(call.request) ? call.request.model : undefined;
}

/** Whether a request names a model; absent, `""` and `"auto"` leave it to the target. */
export function namesModel({ model }: { readonly model?: string | undefined }): boolean {
  return model !== undefined && model !== "" && model !== "auto";
}

/** The same call for another model; undefined for the target's default. */
export function withModel(call: Call, model: string | undefined): Call {
  return { ...call, request: { ...call.request, model } };
}

/** Whether two calls ask the same, whichever model they ask: no layer between them changed the question. */
export function isSameRequest(a: Call, b: Call): boolean {
  if (a.context.headers !== b.context.headers) return false;
  if (a.request === b.request) return true;
  const { model: _modelOfA, ...askOfA } = a.request;
  const { model: _modelOfB, ...askOfB } = b.request;
  const names = new Set([...Object.keys(askOfA), ...Object.keys(askOfB)]) as Set<keyof typeof askOfA>;
  for (const name of names) if (askOfA[name] !== askOfB[name]) return false;
  return true;
}

/**
 * The text at a prompt's head, up to the end of its first user message and at most `limit` characters: what stays
 * the same from turn to turn of a conversation, so that calls which share it can share a provider's cache.
 */
export function promptPrefix(call: Call, limit: number): string {
  let prefix = "";
  for (const message of call.request.messages) {
    prefix += `${message.role}\n`;
    for (const part of partsOf(message)) prefix += "text" in part ? `${part.text}\n` : `${part.type}\n`;
    if (prefix.length >= limit) return prefix.slice(0, limit);
    if (message.role === "user") return prefix;
  }
  return prefix;
}

/** The name under which a caller wants like calls to meet in one cache; undefined where it gave none. */
export function cacheKeyOf(call: Call): string | undefined {
  return call.request.cacheKey;
}

/** Tokens that a call will use, by rule of thumb: four characters a token, a flat sum for media. */
export function estimate(call: Call): { readonly inputTokens: number; readonly outputTokens: number } {
  const { request } = call;
  let characters = 0;
  let media = 0;
  for (const message of request.messages) {
    characters += 16;
    if (typeof message.content === "string") characters += message.content.length;
    else {
      for (const part of message.content) {
        const size = sizeOf(part);
        if (size === undefined) media++;
        else characters += size;
      }
    }
  }
  for (const tool of request.tools ?? []) characters += JSON.stringify(tool).length;
  return {
    inputTokens: tokensOf(characters) + media * TOKENS_PER_MEDIUM,
    outputTokens: request.maxTokens ?? ASSUMED_OUTPUT_TOKENS,
  };
}

function sizeOf(part: ContentPart): number | undefined {
  switch (part.type) {
    case "text":
    case "reasoning":
    case "refusal":
      return part.text.length;
    case "tool-call":
      return (part.argumentsText ?? JSON.stringify(part.arguments ?? {})).length;
    case "tool-result":
      return typeof part.content === "string"
        ? part.content.length
        : part.content.reduce((sum, piece) => sum + (sizeOf(piece) ?? TOKENS_PER_MEDIUM), 0);
    case "source":
      return (part.quote ?? "").length;
    case "image":
    case "audio":
    case "file":
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

/** What a call needs. */
export function requirements(call: Call): Requirements {
  const { request } = call;
  const input = new Set<Modality>(["text"]);
  for (const message of request.messages) {
    if (typeof message.content === "string") continue;
    for (const part of message.content) addModality(input, part);
  }
  return {
    input,
    output: new Set(request.output?.modalities ?? ["text"]),
    tools: (request.tools?.length ?? 0) > 0,
    structuredOutput: request.responseFormat?.type === "json-schema",
    reasoning: request.reasoning !== undefined && request.reasoning.effort !== "none",
  };
}

function addModality(into: Set<Modality>, part: ContentPart): void {
  if (part.type === "image" || part.type === "audio") into.add(part.type);
  else if (part.type === "file") {
    const type = part.mediaType ?? "application/pdf";
    if (type === "application/pdf") into.add("pdf");
    else if (type.startsWith("image/")) into.add("image");
    else if (type.startsWith("audio/")) into.add("audio");
    else if (type.startsWith("video/")) into.add("video");
  } else if (part.type === "tool-result" && typeof part.content !== "string") {
    for (const piece of part.content) addModality(into, piece);
  }
}

/**
 * Why a model cannot take a call, in words for the trail; undefined where it can or where too little is known.
 * Reasoning is no reason: a model without it answers all the same, with a warning.
 */
export function unmetRequirement(call: Call, facts: ModelFacts | undefined): string | undefined {
  if (facts === undefined) return undefined;
  const wanted = requirements(call);
  for (const modality of wanted.input) {
    if (facts.input !== undefined && !facts.input.includes(modality)) return `takes no ${modality} input`;
  }
  for (const modality of wanted.output) {
    if (facts.output !== undefined && !facts.output.includes(modality)) return `gives no ${modality} output`;
  }
  if (wanted.tools && facts.tools === false) return "takes no tools";
  if (wanted.structuredOutput && facts.structuredOutput === false) return "has no structured output";
  if (facts.contextWindow !== undefined) {
    const { inputTokens } = estimate(call);
    if (inputTokens > facts.contextWindow)
      return `its context window of ${facts.contextWindow} tokens is too small for about ${inputTokens}`;
  }
  return undefined;
}

/** Facts of whichever model a provider would use for a call. */
export function factsFor(provider: ChatProvider, call: Call): ModelFacts | undefined {
  return provider.facts?.(modelOf(call));
}
