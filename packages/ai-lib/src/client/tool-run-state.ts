import { invalidRequest } from "../core/errors/error.js";
import { snapshotRequest } from "../core/run/snapshot.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import { isObject, type JsonObject } from "../core/values/json.js";
import type { Message, ToolResultPart } from "../core/values/message.js";
import { toolResult } from "../core/values/tool.js";
import type { OpenRound, ToolRunState } from "../core/values/tool-run.js";
import { type Usage, validUsage } from "../core/values/usage.js";

/** A reader for each version that was ever written. */
const READERS: Readonly<Record<number, (state: JsonObject) => ToolRunState>> = { 1: readVersion1 };

/**
 * The state of a run, from JSON of any version that was ever written.
 * @throws {AiLibError} `INVALID_REQUEST` for anything else.
 */
export function readToolRunState(given: unknown): ToolRunState {
  if (!isObject(given) || given["type"] !== "tool-run")
    throw invalidRequest(
      "`resume` takes the `state` of a run of tools: that of a result, or of an error's toolRun",
    );
  const { version } = given;
  const read = typeof version === "number" && Object.hasOwn(READERS, version) ? READERS[version] : undefined;
  if (read === undefined)
    throw invalidRequest(
      `The state of the run has the version ${JSON.stringify(version)}; this version of ai-lib reads ${Object.keys(READERS).join(", ")}`,
    );
  return read(snapshotRequest(given));
}

function readVersion1(state: JsonObject): ToolRunState {
  const { request, round, pauses, usage, usageStatus, cost, open } = state;
  const right =
    isObject(request) &&
    Array.isArray(request["messages"]) &&
    isCount(round) &&
    round >= 1 &&
    isCount(pauses) &&
    isObject(usage) &&
    typeof usageStatus === "string" &&
    (cost === undefined || (typeof cost === "number" && cost >= 0)) &&
    (open === undefined || isOpenRound(open));
  if (!right) throw invalidRequest("The state of the run is damaged; store and pass it unchanged");
  return {
    ...(state as unknown as ToolRunState),
    usage: validUsage(usage as unknown as Usage),
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isOpenRound(open: unknown): boolean {
  if (!isObject(open)) return false;
  const { response, results } = open;
  if (!isObject(response) || !isObject(response["message"])) return false;
  const { toolCalls } = response;
  return (
    Array.isArray(toolCalls) &&
    toolCalls.every(
      (call) => isObject(call) && typeof call.id === "string" && typeof call.name === "string",
    ) &&
    Array.isArray(results) &&
    results.length === toolCalls.length &&
    results.every((result) => result === null || isObject(result))
  );
}

/** A response as a state holds it: without what concerns one process and its HTTP exchange. */
export function storedResponse(response: ChatResponse): ChatResponse {
  const { raw: _raw, headers: _headers, ...stored } = response;
  return { ...stored, attempts: [] };
}

/** An answer and the results of its calls, as messages that every vendor accepts. */
export function roundMessages(
  { response, results }: Pick<OpenRound, "response" | "results">,
  missing: string,
): Message[] {
  const { message, toolCalls } = response;
  if (toolCalls.length === 0) return [message];
  const content = toolCalls.map(
    (call, i): ToolResultPart => results[i] ?? toolResult(call, missing, { isError: true }),
  );
  return [message, { role: "tool", content }];
}
