import type { CallOptions } from "../core/contract/call.js";
import { namesModel } from "../core/contract/call-facts.js";
import { valueOr } from "../core/contract/guard.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { ChatStream } from "../core/contract/stream.js";
import { AiLibError } from "../core/errors/error.js";
import { untilAborted } from "../core/run/abort.js";
import { snapshotRequest } from "../core/run/snapshot.js";
import { type ChatInput, type ChatRequest, toChatRequest } from "../core/values/chat-request.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import { isObject, type JsonObject, tryParse } from "../core/values/json.js";
import { hasObjectRoot, WRAPPER, wrapSchema } from "../core/values/json-schema.js";
import { textOf } from "../core/values/message.js";
import { PartialJson } from "../core/values/partial-json.js";
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
  /** The schema is the one property of an object: see {@link wrapSchema}. */
  readonly wrapped: boolean;
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
  const mayChange = asked.mode === "native" && given.mode === undefined;
  let response: ChatResponse;
  try {
    response = await client.chat(asked.request, asked.options);
  } catch (error) {
    if (!mayChange || !isFormatRefused(error)) throw error;
    return askObject(client, schema, request, { ...given, mode: "tool" });
  }
  // The format was left out: a tool says the same in a form that the target accepts.
  if (mayChange && notHonoured(response))
    return askObject(client, schema, request, { ...given, mode: "tool" });
  return read(response, prepared, asked);
}

/** Names of the fields for formats, in the words of vendors that refuse one. */
const FORMAT_WORDS =
  /response[_ ]?format|json[_ ]?schema|structured[_ ]?output|output[_ ]?(?:config|format)|response(?:Json)?Schema|responseMimeType|text\.format|guided|grammar/i;

/** Whether a target refused the format of an answer, so that a call of a tool may do. */
function isFormatRefused(error: unknown): boolean {
  if (!AiLibError.is(error)) return false;
  if (error.code === "UNSUPPORTED_FEATURE") return true;
  return (
    error.code === "INVALID_REQUEST" &&
    !error.local &&
    FORMAT_WORDS.test(`${error.message} ${error.body ?? ""}`)
  );
}

/** See {@link AiClient.streamObject}. */
export function streamObject<S extends AnySchema>(
  client: ChatProvider,
  schema: S,
  input: ChatInput,
  given: ObjectOptions = {},
): ObjectStream<OutputOf<S>> {
  const request = snapshotRequest(toChatRequest(input));
  let begun: Promise<Begun<OutputOf<S>>> | undefined;
  const begin = () => {
    begun ??= prepareSchema(schema).then((prepared) => startObject(client, prepared, request, given));
    return begun;
  };
  return {
    partials: {
      async *[Symbol.asyncIterator]() {
        let run = await begin();
        try {
          yield* partialsOf(run.stream, run.asked);
        } catch (error) {
          const next = run.inToolMode(error);
          if (next === undefined) throw error;
          begun = Promise.resolve(next);
          run = next;
          yield* partialsOf(run.stream, run.asked);
        }
      },
    },
    async object() {
      const { stream, prepared, asked, inToolMode } = await begin();
      try {
        return await read(await stream.response(), prepared, asked);
      } catch (error) {
        const next = inToolMode(error);
        if (next === undefined) throw error;
        begun = Promise.resolve(next);
        return read(await next.stream.response(), next.prepared, next.asked);
      }
    },
  };
}

/** A stream of an object that has begun. */
interface Begun<T> {
  readonly stream: ChatStream;
  readonly prepared: PreparedSchema<T>;
  readonly asked: Asked;
  /** The same asked with a tool, where an error says that the target refused the format; undefined elsewhere. */
  readonly inToolMode: (error: unknown) => Begun<T> | undefined;
}

function startObject<T>(
  client: ChatProvider,
  prepared: PreparedSchema<T>,
  input: ChatInput,
  given: ObjectOptions,
): Begun<T> {
  const asked = ask(client, prepared.json, toChatRequest(input), given);
  let next: Begun<T> | undefined;
  return {
    stream: client.stream(asked.request, asked.options),
    prepared,
    asked,
    inToolMode(error) {
      if (asked.mode !== "native" || given.mode !== undefined || !isFormatRefused(error)) return undefined;
      next ??= startObject(client, prepared, input, { ...given, mode: "tool" });
      return next;
    },
  };
}

function ask(client: ChatProvider, schema: JsonObject, request: ChatRequest, given: ObjectOptions): Asked {
  const wrapped = !hasObjectRoot(schema);
  const json = wrapped ? wrapSchema(schema) : schema;
  const { mode, schemaName: name = "response", schemaDescription: description, ...options } = given;
  const facts = client.facts?.(namesModel(request) ? request.model : undefined);
  const chosen = mode ?? (facts?.structuredOutput === false ? "tool" : "native");
  const said = description === undefined ? {} : { description };
  if (chosen === "native") {
    // Dialects that name schemas have the same default; the others would warn of a name that nobody gave.
    const named = given.schemaName === undefined ? {} : { name };
    const responseFormat = { type: "json-schema" as const, schema: json, ...named, ...said };
    return { request: { ...request, responseFormat }, options, mode: chosen, name, wrapped };
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
    wrapped,
  };
}

/** The format as a whole was left out; that its name or description was is no reason to ask again. */
function notHonoured(response: ChatResponse): boolean {
  return response.warnings.some(({ code, field }) => code === "unsupported" && field === "responseFormat");
}

/** The text of the answer, without what the model said on the way, where the provider tells them apart. */
function answerText({ content, text }: ChatResponse): string {
  const answers = content.filter((part) => part.type === "text" && part.phase === "final-answer");
  return answers.length === 0 ? text : textOf(answers);
}

async function read<T>(
  response: ChatResponse,
  schema: PreparedSchema<T>,
  { mode, name, options, wrapped }: Asked,
): Promise<ObjectResult<T>> {
  const given =
    mode === "tool"
      ? response.toolCalls.find((call) => call.name === name)?.arguments
      : parseText(answerText(response));
  const value = wrapped ? unwrap(given) : given;
  if (value === undefined) {
    const other = response.toolCalls.find((call) => call.name !== name);
    const refused = response.content.some((part) => part.type === "refusal");
    throw new AiLibError({
      code: refused || response.finishReason === "content-filter" ? "CONTENT_FILTERED" : "INVALID_RESPONSE",
      message: refused
        ? "The model refused to give the object"
        : response.finishReason === "length"
          ? "The object was cut at the token limit; raise maxTokens"
          : other !== undefined
            ? `The model did not give the object, but called the tool "${other.name}"; run the tools first with runTools(), or ask for the object without tools`
            : mode === "tool"
              ? "The model did not call the tool that takes the object"
              : "The model's answer is no JSON",
      body: response.text,
      partial: response,
    });
  }
  const checked = await untilAborted(schema.check(value), options.signal);
  if ("value" in checked) return { object: checked.value, response, mode };
  throw new AiLibError({
    code: "INVALID_RESPONSE",
    message: `The model's object does not fit the schema at ${checked.problem}`,
    body: valueOr(undefined, () => JSON.stringify(value)),
    partial: response,
  });
}

/** What the one property of a wrapped answer holds; a model may leave the wrapper out. */
function unwrap(value: unknown): unknown {
  return isObject(value) && Object.hasOwn(value, WRAPPER) ? value[WRAPPER] : value;
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

/** A partial is made only when the text has grown by this share: the work stays in proportion to the answer's length. */
const GROWTH = 1.02;

async function* partialsOf(
  stream: ChatStream,
  { mode, name, wrapped }: Asked,
): AsyncGenerator<unknown, void, undefined> {
  let text = new ObjectText();
  let shown = 0;
  let index = -1;
  /** Texts that the model says on the way. */
  const commentary = new Set<number>();
  for await (const event of stream) {
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
        : event.type === "text-delta" && !commentary.has(event.index);
    if (event.type === "part-start" && event.part.type === "text" && event.part.phase === "commentary")
      commentary.add(event.index);
    if (event.type === "restart") {
      text = new ObjectText();
      shown = 0;
      index = -1;
      commentary.clear();
    }
    if (!wanted || !("text" in event)) continue;
    text.push(event.text);
    if (text.length < shown * GROWTH) continue;
    const value = text.snapshot();
    if (value === undefined) continue;
    shown = text.length;
    const inner = wrapped ? unwrap(value) : value;
    if (!wrapped || inner !== value) yield inner;
  }
  const whole = text.length > shown ? text.snapshot() : undefined;
  if (whole !== undefined) yield wrapped ? unwrap(whole) : whole;
}

const OPENING = `${FENCE}json`;

/** The text of an object as it comes, without the fence around it. */
class ObjectText {
  /** Characters of JSON so far. */
  length = 0;
  private readonly json = new PartialJson();
  /** The start of the text, while it may be the start of a fence. */
  private start: string | undefined = "";

  push(text: string): void {
    if (this.start === undefined) {
      this.read(text);
      return;
    }
    const start = (this.start + text).trimStart();
    this.start = start;
    if (OPENING.startsWith(start.toLowerCase())) return;
    this.start = undefined;
    this.read(unfenced(start));
  }

  /** The object so far; undefined where nothing has begun, and for text that is no JSON. */
  snapshot(): unknown {
    return this.json.malformed ? undefined : this.json.snapshot();
  }

  private read(text: string): void {
    if (this.json.complete) return;
    this.length += text.length;
    this.json.push(text);
  }
}
