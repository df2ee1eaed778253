import { namesModel } from "../core/contract/call-facts.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { AiLibError, configError } from "../core/errors/error.js";
import { wholeAtLeast } from "../core/errors/options.js";
import type { ChatRequest } from "../core/values/chat-request.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import type { JsonObject } from "../core/values/json.js";
import { hasObjectRoot, wrapSchema } from "../core/values/json-schema.js";
import type { Message } from "../core/values/message.js";
import type { ObjectMode, ObjectOptions } from "./object-types.js";
import type { RunToolsOptions } from "./run-tools-options.js";
import type { AnyRunnableTool } from "./tool.js";

/** Options of an object with their defaults; those of the run and of each call apart. */
export interface ObjectPlan {
  /** The modes to try, in order. */
  readonly modes: readonly ObjectMode[];
  readonly name: string;
  readonly description: string | undefined;
  readonly strict: boolean | undefined;
  readonly isNamed: boolean;
  readonly repair: ObjectOptions["repair"];
  readonly maxRepairs: number;
  readonly tools: readonly AnyRunnableTool[] | undefined;
  readonly run: RunToolsOptions;
}

const MODES: readonly ObjectMode[] = ["native", "tool", "json"];

/** @throws {AiLibError} `CONFIG_ERROR` for a value out of range. */
export function planObject(client: ChatProvider, request: ChatRequest, given: ObjectOptions): ObjectPlan {
  const {
    mode = "auto",
    schemaName,
    schemaDescription,
    schemaStrict,
    repair,
    maxRepairs = 1,
    tools,
    ...run
  } = given;
  if (mode !== "auto" && !MODES.includes(mode))
    throw configError(`mode must be one of auto, ${MODES.join(", ")}, not "${String(mode)}"`);
  if (repair !== undefined && typeof repair !== "function") throw configError("repair must be a function");
  return {
    modes: mode === "auto" ? likelyModes(client, request) : [mode],
    name: schemaName ?? "response",
    isNamed: schemaName !== undefined,
    description: schemaDescription,
    strict: schemaStrict,
    repair,
    maxRepairs: wholeAtLeast("maxRepairs", maxRepairs, 0),
    tools,
    run,
  };
}

function likelyModes(client: ChatProvider, request: ChatRequest): readonly ObjectMode[] {
  const facts = client.facts?.(namesModel(request) ? request.model : undefined);
  return facts?.structuredOutput === false ? ["tool", "json"] : MODES;
}

/** The schema for the model. Most vendors accept only an object at the root. */
export function shownSchema(schema: JsonObject): { readonly json: JsonObject; readonly wrapped: boolean } {
  return hasObjectRoot(schema)
    ? { json: schema, wrapped: false }
    : { json: wrapSchema(schema), wrapped: true };
}

/** The request of an object in one mode. */
export function objectRequest(
  request: ChatRequest,
  json: JsonObject,
  mode: ObjectMode,
  { name, isNamed, description, strict, tools }: ObjectPlan,
): ChatRequest {
  const described = {
    ...(description === undefined ? {} : { description }),
    ...(strict === undefined ? {} : { strict }),
  };
  switch (mode) {
    case "native":
      // Dialects that name schemas have the same default; the others would warn about a name that the caller did not
      // set.
      return {
        ...request,
        responseFormat: { type: "json-schema", schema: json, ...(isNamed ? { name } : {}), ...described },
      };
    case "tool": {
      const tool = {
        type: "function" as const,
        name,
        parameters: json,
        description: "Give the answer",
        ...described,
      };
      return {
        ...request,
        tools: [...(request.tools ?? []), tool],
        // With tools of the caller, the model first calls those.
        ...(tools === undefined ? { toolChoice: { name }, parallelToolCalls: false } : {}),
      };
    }
    case "json":
      return {
        ...request,
        responseFormat: { type: "json" },
        messages: withInstructions(request.messages, json, description),
      };
    default:
      return mode satisfies never;
  }
}

function withInstructions(
  messages: readonly Message[],
  json: JsonObject,
  description: string | undefined,
): readonly Message[] {
  const what = description === undefined ? "" : ` (${description})`;
  const content = `Answer with JSON${what} that follows this JSON Schema, and with nothing else:\n${JSON.stringify(json)}`;
  const first = messages.findIndex(({ role }) => role !== "system");
  const at = first < 0 ? messages.length : first;
  return [...messages.slice(0, at), { role: "system", content }, ...messages.slice(at)];
}

/** Names of the fields for formats and tools, in the words of vendors that refuse one. */
const WORDS: Readonly<Record<ObjectMode, RegExp>> = {
  native:
    /response[_ ]?format|json[_ ]?schema|structured[_ ]?output|output[_ ]?(?:config|format)|response(?:Json)?Schema|responseMimeType|text\.format|guided|grammar/i,
  tool: /tool|function/i,
  json: /response[_ ]?format|json|responseMimeType|text\.format/i,
};

/** Whether a target refused the mode, so that another one may work. */
export function isModeRefused(error: unknown, mode: ObjectMode): boolean {
  if (!AiLibError.is(error)) return false;
  if (error.code === "UNSUPPORTED_FEATURE") return true;
  return (
    error.code === "INVALID_REQUEST" &&
    !error.local &&
    WORDS[mode].test(`${error.message} ${error.body ?? ""}`)
  );
}

/** The fields of a mode: if one was left out, the target did not use the mode. */
const FIELDS: Readonly<Record<ObjectMode, string>> = {
  native: "responseFormat",
  tool: "tools",
  json: "responseFormat",
};

/** Whether a target left the mode out. A missing name or description is no reason to ask again. */
export function isModeIgnored({ warnings }: ChatResponse, mode: ObjectMode): boolean {
  return warnings.some(({ code, field }) => code === "unsupported" && field === FIELDS[mode]);
}
