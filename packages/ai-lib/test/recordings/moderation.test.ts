import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { moderateLaws } from "../../src/core/kinds/moderate.js";
import type { ModerateRequest, ModerateResponse } from "../../src/core/values/moderation.js";
import { server } from "../../src/dialects/openai-chat/server/index.js";
import { AiClient, defineProvider } from "../../src/index.js";
import { type KindCase, kindCases } from "../support/kind-recordings.js";
import { memoryTransport } from "../support/memory-transport.js";

/** What was asked, as the server half reads it; texts where the recording has no request. */
function requestOf({ recording, expected }: KindCase): ModerateRequest {
  const { request } = recording;
  if (request?.body === undefined) {
    const count = typeof expected["count"] === "number" ? expected["count"] : 1;
    return { inputs: Array.from({ length: count }, (_, i) => `text ${i}`) };
  }
  const http: HttpRequest = {
    method: "POST",
    path: request.path,
    headers: {},
    body: JSON.stringify(request.body),
  };
  expect(server.kinds?.moderate?.matches(http)).toBe(true);
  const decoded = server.kinds?.moderate?.decode(http);
  if (decoded === undefined) throw new Error("OpenAI's server half has no moderation");
  return decoded;
}

async function replay(each: KindCase): Promise<ModerateResponse | AiLibError<"moderate">> {
  const { label, response, model } = each.recording;
  const { status, headers, body = "" } = response;
  const provider = defineProvider(
    {
      id: label,
      dialect: "openai-chat",
      baseUrl: "http://127.0.0.1:1",
      kinds: { moderate: { model: "m" } },
    },
    { apiKey: "k", transport: memoryTransport({ status, headers, body: new TextEncoder().encode(body) }) },
  );
  try {
    return await new AiClient(provider).call(moderateLaws, { ...requestOf(each), model: model ?? "m" });
  } catch (error) {
    if (AiLibError.is<"moderate">(error)) return error;
    throw error;
  }
}

describe("recorded exchanges of OpenAI's moderation", () => {
  const cases = kindCases("openai-moderation");
  it("are there", () => expect(cases.length).toBeGreaterThan(1));
  it.each(cases.map((each) => [each.recording.id, each] as const))("%s", async (_, each) => {
    const { expected } = each;
    const got = await replay(each);
    if (got instanceof AiLibError) {
      expect([expected.outcome, got.message]).toEqual(["error", got.message]);
      expect([got.status, got.code]).toEqual([expected.error?.status, expected.error?.class]);
      return;
    }
    const verdicts = got.verdicts.map(({ flagged, categories, scores }) => ({
      flagged,
      categories: Object.keys(categories)
        .filter((name) => categories[name])
        .sort(),
      scores: Object.keys(scores).length,
    }));
    expect(expected.outcome).toBe("response");
    expect(verdicts).toEqual(expected["results"]);
    expect(got.model).toBe(expected["model"]);
    expect(got.flagged).toBe(verdicts.some(({ flagged }) => flagged));
  });
});
