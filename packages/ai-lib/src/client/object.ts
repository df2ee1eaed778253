import type { CallOptions } from "../core/contract/call.js";
import { namesModel } from "../core/contract/call-facts.js";
import { valueOr } from "../core/contract/guard.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { ChatStream } from "../core/contract/stream.js";
import { AiLibError } from "../core/errors/error.js";
import { snapshotRequest } from "../core/run/snapshot.js";
import { type ChatInput, type ChatRequest, toChatRequest } from "../core/values/chat-request.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import { type JsonObject, tryParse } from "../core/values/json.js";
import { type AnySchema, type OutputOf, type PreparedSchema, prepareSchema } from "./schema.js";

/** How an object is asked for: by the provider's structured output, or by a tool that the model must call. */
export type ObjectMode = "native" | "tool";

/** Options of an object call. */
export interface ObjectOptions extends CallOptions {
  /** Default: `native`, but `tool` where the model is known to have no structured output. */
  readonly mode?: ObjectMode | undefined;
  /** The schema's name, which the model sees. Default `"response"`. */
  readonly schemaName?: string | undefined;
  readonly schemaDescription?: string | undefined;
}

/** An object that passed its schema, and the answer that it came in. */
export interface ObjectResult<T> {
  readonly object: T;
  readonly response: ChatResponse;
  readonly mode: ObjectMode;
}

/** An object as it comes. */
export interface ObjectStream<T> {
  /** What is there so far, each time that more came; fields may still be missing or cut. Not checked yet. */
  readonly partials: AsyncIterable<unknown>;
  /** The whole object, checked. Reads to the end if nobody iterates. */
  object(): Promise<ObjectResult<T>>;
}

interface Asked {
  readonly request: ChatRequest;
  readonly options: CallOptions;
  readonly mode: ObjectMode;
  readonly name: string;
}

/** See {@link AiClient.object}. */
export async function askObject<S extends AnySchema>(
  client: ChatProvider,
  schema: S,
  input: ChatInput,
  given: ObjectOptions = {},
): Promise<ObjectResult<OutputOf<S>>> {
  const request = snapshotRequest(toChatRequest(input));
  const prepared = await prepareSchema(schema);
  const asked = ask(client, prepared.json, request, given);
  const response = await client.chat(asked.request, asked.options);
  if (asked.mode === "native" && given.mode === undefined && notHonoured(response)) {
    // The target answered as if nothing had been said of a schema: a tool says the same in words that it knows.
    return askObject(client, schema, request, { ...given, mode: "tool" });
  }
  return read(response, prepared, asked);
}

/** See {@link AiClient.streamObject}. */
export function streamObject<S extends AnySchema>(
  client: ChatProvider,
  schema: S,
  input: ChatInput,
  given: ObjectOptions = {},
): ObjectStream<OutputOf<S>> {
  const request = snapshotRequest(toChatRequest(input));
  let begun: Promise<{ stream: ChatStream; prepared: PreparedSchema<OutputOf<S>>; asked: Asked }> | undefined;
  const begin = () => {
    begun ??= prepareSchema(schema).then((prepared) => {
      const asked = ask(client, prepared.json, request, given);
      return { stream: client.stream(asked.request, asked.options), prepared, asked };
    });
    return begun;
  };
  return {
    partials: {
      async *[Symbol.asyncIterator]() {
        const { stream, asked } = await begin();
        yield* partialsOf(stream, asked);
      },
    },
    async object() {
      const { stream, prepared, asked } = await begin();
      return read(await stream.response(), prepared, asked);
    },
  };
}

function ask(client: ChatProvider, json: JsonObject, request: ChatRequest, given: ObjectOptions): Asked {
  const { mode, schemaName: name = "response", schemaDescription: description, ...options } = given;
  const facts = client.facts?.(namesModel(request) ? request.model : undefined);
  const chosen = mode ?? (facts?.structuredOutput === false ? "tool" : "native");
  const said = description === undefined ? {} : { description };
  if (chosen === "native") {
    // Dialects that name schemas have the same default; the others would warn of a name that nobody gave.
    const named = given.schemaName === undefined ? {} : { name };
    const responseFormat = { type: "json-schema" as const, schema: json, ...named, ...said };
    return { request: { ...request, responseFormat }, options, mode: chosen, name };
  }
  const tool = {
    type: "function" as const,
    name,
    parameters: json,
    description: description ?? "Give the answer",
  };
  return {
    request: {
      ...request,
      tools: [...(request.tools ?? []), tool],
      toolChoice: { name },
      parallelToolCalls: false,
    },
    options,
    mode: chosen,
    name,
  };
}

/** The format as a whole was left out; that its name or description was is no reason to ask again. */
function notHonoured(response: ChatResponse): boolean {
  return response.warnings.some(({ code, field }) => code === "unsupported" && field === "responseFormat");
}

async function read<T>(
  response: ChatResponse,
  schema: PreparedSchema<T>,
  { mode, name }: Asked,
): Promise<ObjectResult<T>> {
  const value =
    mode === "tool"
      ? response.toolCalls.find((call) => call.name === name)?.arguments
      : parseText(response.text);
  if (value === undefined) {
    const refused = response.content.some((part) => part.type === "refusal");
    throw new AiLibError({
      code: refused || response.finishReason === "content-filter" ? "CONTENT_FILTERED" : "INVALID_RESPONSE",
      message: refused
        ? "The model refused to give the object"
        : response.finishReason === "length"
          ? "The object was cut at the token limit; raise maxTokens"
          : mode === "tool"
            ? "The model did not call the tool that takes the object"
            : "The model's answer is no JSON",
      body: response.text,
      partial: response,
    });
  }
  const checked = await schema.check(value);
  if ("value" in checked) return { object: checked.value, response, mode };
  throw new AiLibError({
    code: "INVALID_RESPONSE",
    message: `The model's object does not fit the schema at ${checked.problem}`,
    body: valueOr(undefined, () => JSON.stringify(value)),
    partial: response,
  });
}

/** JSON in an answer; models that have no structured output like to fence it. */
function parseText(text: string): unknown {
  const trimmed = text.trim();
  const value = tryParse(trimmed);
  if (value !== undefined || !trimmed.endsWith(FENCE)) return value;
  const opened = unfenced(trimmed);
  return opened === trimmed ? undefined : tryParse(opened.slice(0, -FENCE.length));
}

const FENCE = "```";

/** Text without the fence that opens it. By hand: a pattern would take a hostile answer's blanks to the third power. */
function unfenced(text: string): string {
  if (!text.startsWith(FENCE)) return text;
  const word = text.slice(FENCE.length, FENCE.length + 4).toLowerCase() === "json" ? 4 : 0;
  return text.slice(FENCE.length + word);
}

/** Text is parsed anew only when it has grown by this share: the work stays in proportion to the answer's length. */
const GROWTH = 1.02;

async function* partialsOf(
  stream: ChatStream,
  { mode, name }: Asked,
): AsyncGenerator<unknown, void, undefined> {
  // Before anything else is awaited: `object()` reads the stream to its end where nobody iterates.
  const events = { [Symbol.asyncIterator]: constant(stream[Symbol.asyncIterator]()) };
  const { parse } = await import("partial-json");
  let text = "";
  let parsed = 0;
  let index = -1;
  for await (const event of events) {
    if (
      mode === "tool" &&
      event.type === "part-start" &&
      event.part.type === "tool-call" &&
      event.part.name === name
    )
      index = event.index;
    const wanted =
      mode === "tool"
        ? event.type === "tool-call-delta" && event.index === index
        : event.type === "text-delta";
    if (event.type === "restart") {
      text = "";
      parsed = 0;
      index = -1;
    }
    if (!wanted || !("text" in event)) continue;
    text += event.text;
    if (text.length < parsed * GROWTH) continue;
    const value = attempt(parse, text);
    if (value === undefined) continue;
    parsed = text.length;
    yield value;
  }
  const whole = text.length > parsed ? attempt(parse, text) : undefined;
  if (whole !== undefined) yield whole;
}

function constant<T>(value: T): () => T {
  return () => value;
}

function attempt(parse: (text: string) => unknown, text: string): unknown {
  try {
    const json = unfenced(text.trimStart()).trim();
    return plain(parse(json.endsWith(FENCE) ? json.slice(0, -FENCE.length) : json));
  } catch {
    // Not enough has come to make anything of it.
    return undefined;
  }
}

/** The parser assigns each key, so that one named `__proto__` would lend its fields to the whole object. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype)
    Object.setPrototypeOf(value, Object.prototype);
  for (const inner of Object.values(value)) plain(inner);
  return value;
}
