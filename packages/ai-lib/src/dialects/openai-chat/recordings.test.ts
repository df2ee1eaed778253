import { describe, expect, it } from "vitest";
import { describeRecordings } from "../../../test/recordings/describe-recordings.js";
import { framesFor } from "../../../test/support/halves.js";
import { canonical, type Recording, recordedCases, replayHalf } from "../../../test/support/recordings.js";
import type { Frame } from "../../core/contract/transport.js";
import type { ChatResponse } from "../../core/values/chat-response.js";
import { asArray, isObject, type Json, type JsonObject, tryParse } from "../../core/values/json.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";
import type { OpenAiChatQuirks } from "./shared/quirks.js";

const cases = recordedCases("openai-chat");
const facts = { id: "served", created: 0 };

/** What a server half must carry: all but the vendor's own usage object and word for the ending. */
function carried(response: ChatResponse): string {
  const { content, finishReason, id, model, serviceTier, usage, text, reasoningText, toolCalls } = response;
  const counts = { ...usage, raw: undefined };
  return canonical({ content, finishReason, id, model, serviceTier, counts, text, reasoningText, toolCalls });
}

/** The same without the order of the parts and the seams between texts, for which a whole reply has no place. */
function unordered(response: ChatResponse): string {
  const parts = response.content.filter((part) => part.type !== "text").map((part) => canonical(part));
  return canonical({ parts: parts.sort(), text: response.text, finish: response.finishReason });
}

function replayed(recording: Recording, written: { body: string } | { frames: Frame[] }): ChatResponse {
  const stream = "frames" in written;
  const body = stream ? "" : written.body;
  const outcome = replayHalf(
    client,
    {
      ...recording,
      stream,
      streamFormat: stream ? "sse" : null,
      response: { status: 200, headers: {}, body, bodyEncoding: "utf8" },
    },
    {},
    stream ? written.frames : undefined,
  );
  if ("error" in outcome) throw outcome.error;
  return outcome.response;
}

describeRecordings({ api: "openai-chat", client });

describe("recorded chat completions", () => {
  it("come through the server half and back, streamed and whole", () => {
    const different: string[] = [];
    for (const { recording } of cases) {
      const outcome = replayHalf(client, recording);
      if ("error" in outcome) continue;
      // The dialect has no word for an unknown reason.
      const { finishReason } = outcome.response;
      const sent = { ...outcome.response, finishReason: finishReason === "other" ? "stop" : finishReason };
      const streamed = replayed(recording, { frames: framesFor(server, sent) });
      if (carried(oneField(streamed)) !== carried(oneField(sent)))
        different.push(`${recording.id}, streamed`);
      const whole = replayed(recording, server.encode(sent, facts));
      if (unordered(oneField(whole)) !== unordered(oneField(sent))) different.push(`${recording.id}, whole`);
    }
    expect(different).toEqual([]);
  });
});

/** A server writes reasoning in one field, whichever the vendor had. */
function oneField<T>(response: T): T {
  return JSON.parse(
    JSON.stringify(response).replaceAll('"field":"reasoning"', '"field":"reasoning_content"'),
  );
}

/** Recorded request bodies that hold a conversation. */
const bodies = recordedCases("openai-chat").flatMap(({ recording }) => {
  const sent = recording.request?.body;
  const body = typeof sent === "string" ? tryParse(sent) : sent;
  // One request has one answer here, so a body that asks for several is refused.
  return isObject(body) && asArray(body["messages"]).length > 0 && Number(body["n"] ?? 1) === 1
    ? [{ id: recording.id, body }]
    : [];
});

/** The flags of the endpoint that a body was written for, as far as the body shows them. */
function quirksFor(body: JsonObject): OpenAiChatQuirks {
  const turns = JSON.stringify(body["messages"]);
  return {
    topK: true,
    cacheControl: true,
    fileUrls: true,
    toolResultMedia: true,
    videoUrls: true,
    structuredOutput: "json-schema",
    strictSchemas: "any",
    cacheKeyField: "prompt_cache_key",
    reasoningEfforts: ["none", "minimal", "low", "medium", "high", "xhigh", "max"],
    ...("max_completion_tokens" in body ? { maxTokensField: "max_completion_tokens" } : {}),
    ...("reasoning" in body ? { reasoningRequest: "reasoning" } : {}),
    ...("thinking" in body
      ? { reasoningRequest: "thinking", thinkingEffort: "reasoning_effort" in body }
      : {}),
    ...("enable_thinking" in body ? { reasoningRequest: "enable_thinking" } : {}),
    ...(turns.includes('"reasoning_content"')
      ? { reasoningHistory: "reasoning_content" }
      : turns.includes('"reasoning_details"')
        ? { reasoningHistory: "reasoning_details" }
        : turns.includes('"reasoning"')
          ? { reasoningHistory: "reasoning" }
          : {}),
  };
}

/**
 * A body without what means nothing: null fields and empty lists, `n: 1`, `stream: false`, the index of a call in a
 * history. A string and one text part are the same, `developer` is `system`, a lone stop word is a list of one,
 * arguments are compared as JSON, no content is empty content; older names of a function call become today's, and so
 * does the older limit beside the newer. A result's id is its call's and its tool's name is not sent. A cache mark on
 * a message stands on its last part. The same reasoning under two names is sent under one.
 */
function normal(value: Json, key = ""): Json | undefined {
  if (Array.isArray(value)) {
    const list = value.map((one: Json) => normal(one)).filter((one) => one !== undefined);
    const [only] = list;
    if (
      key === "content" &&
      list.length === 1 &&
      isObject(only) &&
      only["type"] === "text" &&
      !("cache_control" in only)
    )
      return only["text"];
    return list.length === 0 ? undefined : list;
  }
  if (key === "stop" && typeof value === "string") return [value];
  if (key === "arguments" && typeof value === "string") return canonical(tryParse(value) ?? value);
  if (key === "content" && value === "") return undefined;
  if (!isObject(value)) return value ?? undefined;
  const kept: Record<string, Json | undefined> = {};
  for (const [name, inner] of Object.entries(value)) {
    if (inner == null) continue;
    kept[name] = ["schema", "parameters"].includes(name) ? inner : normal(inner, name);
  }
  if (kept["role"] === "developer") kept["role"] = "system";
  if (kept["stream"] === false) delete kept["stream"];
  if (kept["n"] === 1) delete kept["n"];
  if (isObject(kept["function"]) && typeof kept["id"] === "string") delete kept["index"];
  delete kept["stream_options"];
  if (kept["max_completion_tokens"] !== undefined) delete kept["max_tokens"];
  if (kept["reasoning_content"] === kept["reasoning"]) delete kept["reasoning"];
  if (kept["tools"] === undefined) delete kept["parallel_tool_calls"];
  if (kept["type"] === "json_schema" && isObject(kept["json_schema"]))
    kept["json_schema"] = { name: "response", ...kept["json_schema"] };
  if (kept["role"] === "tool") for (const name of ["name", "tool_call_id"]) delete kept[name];
  if (kept["cache_control"] !== undefined && typeof kept["content"] === "string") {
    kept["content"] = [{ type: "text", text: kept["content"], cache_control: kept["cache_control"] }];
    delete kept["cache_control"];
  }
  if (Array.isArray(kept["functions"])) {
    kept["tools"] = kept["functions"].map((one: Json) => ({ type: "function", function: one }));
    delete kept["functions"];
  }
  if (typeof kept["function_call"] === "string") {
    kept["tool_choice"] = kept["function_call"];
    delete kept["function_call"];
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

describe("recorded chat completion requests", () => {
  it.each(bodies)("are written again as they were read: $id", ({ body }) => {
    const path = "/v1/chat/completions";
    const { request, mode } = server.decode({
      method: "POST",
      path,
      headers: {},
      body: JSON.stringify(body),
    });
    const target = {
      provider: "recorded",
      model: String(body["model"] ?? ""),
      quirks: quirksFor(body) as Record<string, unknown>,
      now: 0,
    };
    const { http } = client.encode(request, mode, target);
    const written = normal(JSON.parse(http.body ?? "") as Json);
    expect(written).toEqual(normal("model" in body ? body : { ...body, model: "" }));
  });
});
