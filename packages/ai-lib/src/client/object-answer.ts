import { valueOr } from "../core/contract/guard.js";
import { AiLibError } from "../core/errors/error.js";
import { untilAborted } from "../core/run/abort.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import { isObject } from "../core/values/json.js";
import { WRAPPER } from "../core/values/json-schema.js";
import { textOf } from "../core/values/message.js";
import { issuesText, type ValidationIssue } from "../core/values/validation-issue.js";
import { jsonValuesIn } from "./json-text.js";
import type { ObjectMode } from "./object-types.js";
import type { PreparedSchema } from "./schema.js";

/** How an object was asked for. */
export interface Asked {
  readonly mode: ObjectMode;
  /** The name of the tool that takes it. */
  readonly name: string;
  /** The schema is the one property of an object. */
  readonly wrapped: boolean;
}

/** An answer without an object of the schema. */
export interface Broken {
  /** The error, if no repair helps. */
  readonly error: AiLibError;
  /** What the model wrote. */
  readonly text: string;
  readonly issues: readonly ValidationIssue[];
  /** Whether another answer may be better. */
  readonly repairable: boolean;
}

/** The object of an answer, or its problems. */
export async function readAnswer<T>(
  response: ChatResponse,
  schema: PreparedSchema<T>,
  asked: Asked,
  signal: AbortSignal | undefined,
): Promise<{ readonly object: T } | Broken> {
  const call = response.toolCalls.find(({ name }) => name === asked.name);
  const text =
    asked.mode !== "tool" || call === undefined ? answerText(response) : (call.argumentsText ?? "");
  const values =
    asked.mode === "tool" && call?.arguments !== undefined ? [call.arguments] : jsonValuesIn(text);
  const read = await firstFit(values, schema, asked.wrapped, signal);
  if (read === undefined) return noObject(response, asked, text);
  if ("object" in read) return read;
  const { issues, value } = read;
  const body = valueOr(undefined, () => JSON.stringify(value));
  return {
    error: new AiLibError({
      code: "INVALID_RESPONSE",
      message: `The model's object does not fit the schema at ${issuesText(issues, 3)}`,
      body,
      issues,
      partial: response,
    }),
    text: text === "" ? (body ?? "") : text,
    issues,
    repairable: response.finishReason !== "length",
  };
}

/** The object in a text that a repair gave. */
export async function readRepaired<T>(
  text: string,
  schema: PreparedSchema<T>,
  wrapped: boolean,
  signal: AbortSignal | undefined,
): Promise<{ readonly object: T } | undefined> {
  const read = await firstFit(jsonValuesIn(text), schema, wrapped, signal);
  return read !== undefined && "object" in read ? read : undefined;
}

/** The first of some values that fits, else the issues of the first; undefined without a value. */
async function firstFit<T>(
  values: readonly unknown[],
  schema: PreparedSchema<T>,
  wrapped: boolean,
  signal: AbortSignal | undefined,
): Promise<
  | { readonly object: T }
  | { readonly issues: readonly ValidationIssue[]; readonly value: unknown }
  | undefined
> {
  let failed: { readonly issues: readonly ValidationIssue[]; readonly value: unknown } | undefined;
  for (const value of values) {
    const inner = wrapped ? unwrap(value) : value;
    // A model may leave the wrapper out, also where the value has a property of its name.
    for (const one of inner === value ? [value] : [inner, value]) {
      const checked = await untilAborted(schema.check(one), signal);
      if ("value" in checked) return { object: checked.value };
      failed ??= { issues: checked.issues, value: one };
    }
  }
  return failed;
}

/** What the one property of a wrapped answer holds; the value itself where the model left the wrapper out. */
export function unwrap(value: unknown): unknown {
  return isObject(value) && Object.hasOwn(value, WRAPPER) ? value[WRAPPER] : value;
}

/** The text of the answer, without what the model said before the answer, if the provider distinguishes them. */
function answerText({ content, text }: ChatResponse): string {
  const answers = content.filter((part) => part.type === "text" && part.phase === "final-answer");
  return answers.length === 0 ? text : textOf(answers);
}

function noObject(response: ChatResponse, { mode, name }: Asked, text: string): Broken {
  const other = response.toolCalls.find((call) => call.name !== name);
  const refused = response.content.some((part) => part.type === "refusal");
  const filtered = refused || response.finishReason === "content-filter";
  const cut = response.finishReason === "length";
  const message = refused
    ? "The model refused to give the object"
    : cut
      ? "The object was cut at the token limit; raise maxTokens"
      : other !== undefined
        ? `The model did not give the object, but called the tool "${other.name}"; give the tool's code in \`tools\`, or ask for the object without tools`
        : mode === "tool"
          ? "The model did not call the tool that takes the object"
          : "The model's answer is no JSON";
  return {
    error: new AiLibError({
      code: filtered ? "CONTENT_FILTERED" : "INVALID_RESPONSE",
      message,
      body: response.text,
      partial: response,
    }),
    text,
    issues: [],
    repairable: !filtered && !cut && other === undefined,
  };
}
