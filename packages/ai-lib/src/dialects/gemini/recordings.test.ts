import { describe, expect, it } from "vitest";
import { describeRecordings } from "../../../test/recordings/describe-recordings.js";
import { canonical, framesOf, recordedCases, replayHalf } from "../../../test/support/recordings.js";
import { isObject, type JsonObject } from "../../core/values/json.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";
import { camelCase, SKIP_SIGNATURE } from "./shared/family.js";
import { fromOpenApiSchema } from "./shared/schema.js";

const cases = recordedCases("google-generate-content");
describeRecordings({ api: "google-generate-content", client });

describe("a recorded stream of Gemini", () => {
  const streams = cases.filter((one) => one.recording.stream && one.recording.response.status === 200);

  it.each(streams.map((one) => [one.recording.id, one] as const))(
    "is the same with parts of an unknown type: %s",
    (_, { recording }) => {
      const frames = framesOf(recording).map(({ data }) => {
        const chunk = JSON.parse(data) as { candidates?: { content?: { parts?: unknown[] } }[] };
        chunk.candidates?.[0]?.content?.parts?.push({ newThing: { x: 1 } });
        return { data: JSON.stringify(chunk) };
      });
      const plain = replayHalf(client, recording);
      const spliced = replayHalf(client, recording, {}, frames);
      expect("response" in spliced && spliced.response.content).toEqual(
        "response" in plain && plain.response.content,
      );
    },
  );
});

/** Keys whose values belong to the caller and not to the API. */
const FREE = new Set([
  "args",
  "response",
  "parameters",
  "parametersJsonSchema",
  "responseSchema",
  "responseJsonSchema",
]);

/**
 * A request body in one of its equivalent forms. Google's API accepts camel and snake case, objects for lists of one,
 * and null as absent; schemas have two forms; and some defaults mean nothing: the role of instructions,
 * `thought: false`, one candidate, empty texts, empty objects of settings.
 */
function normal(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((one) => normal(one, key));
  if (!isObject(value)) return enums.has(key) && typeof value === "string" ? value.toUpperCase() : value;
  const out: { [name: string]: unknown } = {};
  for (const [wire, inner] of Object.entries(value)) {
    const name = camelCase(wire);
    if (inner === null || inner === undefined || inner === "" || DEFAULTS.get(name) === inner) continue;
    out[name] = FREE.has(name) ? inner : normal(inner, name);
  }
  for (const [openApi, json] of [
    ["parameters", "parametersJsonSchema"],
    ["responseSchema", "responseJsonSchema"],
  ] as const) {
    if (isObject(out[openApi]) && openApi in out) {
      out[json] = fromOpenApiSchema(out[openApi] as JsonObject);
      delete out[openApi];
    }
  }
  // Both alphabets of base64 stand for the same bytes.
  if (key === "inlineData" && typeof out["data"] === "string")
    out["data"] = out["data"].replaceAll("-", "+").replaceAll("_", "/");
  if (key === "systemInstruction") delete out["role"];
  if (key === "contents") out["role"] ??= "user";
  if ("parts" in out) {
    const parts = (Array.isArray(out["parts"]) ? out["parts"] : [out["parts"]]) as JsonObject[];
    out["parts"] = parts.filter((part) => Object.keys(part).length > 0);
  }
  if (out["thoughtSignature"] === SKIP_SIGNATURE) delete out["thoughtSignature"];
  if (isObject(out["generationConfig"]) && Object.keys(out["generationConfig"]).length === 0)
    delete out["generationConfig"];
  const instruction = out["systemInstruction"];
  if (isObject(instruction) && (instruction["parts"] as unknown[]).length === 0)
    delete out["systemInstruction"];
  return out;
}

const enums = new Set(["mode", "thinkingLevel"]);
const DEFAULTS = new Map<string, unknown>([
  ["thought", false],
  ["candidateCount", 1],
  ["includeThoughts", false],
]);

const requests = cases.filter(
  ({ recording }) => isObject(recording.request?.body) || typeof recording.request?.body === "string",
);

describe("a recorded request of Gemini", () => {
  it.each(requests.map((one) => [one.recording.id, one.recording] as const))(
    "is the same after both halves: %s",
    (_, recording) => {
      const { request } = recording;
      if (request === null) throw new Error("filtered above");
      const url = new URL(request.url);
      const body = typeof request.body === "string" ? request.body : JSON.stringify(request.body);
      const vertex = url.pathname.includes("/publishers/google/");
      const decoded = server.decode({ method: "POST", path: url.pathname, headers: {}, body });
      const { http } = client.encode(decoded.request, decoded.mode, {
        provider: recording.provider,
        model: decoded.request.model ?? "",
        quirks: vertex ? { noServerSideToolInvocations: true } : {},
        now: 0,
      });
      expect(decodeURIComponent(url.pathname).endsWith(decodeURIComponent(http.path))).toBe(true);
      const { model: _model, ...before } = normal(JSON.parse(body)) as JsonObject;
      expect(JSON.parse(canonical(normal(JSON.parse(http.body ?? ""))))).toEqual(
        JSON.parse(canonical(before)),
      );
    },
  );
});
