import { describe, expect, it } from "vitest";
import { targetFor } from "../../../../test/support/halves.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import { client } from "./index.js";

const target = targetFor("cohere");

function errorFor(status: number, body: unknown, headers: Record<string, string> = {}): AiLibError {
  return client.error(
    { status, headers, body: typeof body === "string" ? body : JSON.stringify(body) },
    target,
  );
}

describe("an error of Cohere's", () => {
  it.each<[ErrorCode, number, unknown]>([
    ["AUTH_FAILED", 401, { message: "invalid api token" }],
    ["AUTH_FAILED", 400, { message: "no api key supplied" }],
    ["QUOTA_EXHAUSTED", 402, { message: "Please add or update your payment method" }],
    ["PERMISSION_DENIED", 403, { message: "forbidden" }],
    ["MODEL_NOT_FOUND", 404, { message: "model 'nope' not found, make sure the correct model ID was used" }],
    [
      "CONTEXT_TOO_LONG",
      400,
      { message: "too many tokens: size limit exceeded by 25836 tokens.", error_type: "TOO_MANY_TOKENS" },
    ],
    [
      "CONTEXT_TOO_LONG",
      400,
      {
        message: "too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 4292.",
      },
    ],
    [
      "INVALID_REQUEST",
      400,
      {
        message:
          "too many tokens: max tokens must be less than or equal to 4096, the maximum output for this model - received 8192.",
      },
    ],
    ["INVALID_REQUEST", 400, { message: "invalid request: message must be at least 1 token long" }],
    ["INVALID_REQUEST", 422, { message: "unprocessable" }],
    ["UNSUPPORTED_FEATURE", 400, { message: "invalid request: response_format is not supported with RAG." }],
    ["UNSUPPORTED_FEATURE", 501, { message: "not implemented" }],
    ["RATE_LIMIT", 429, { message: "You are using a Trial key, which is limited to 40 API calls / minute." }],
    ["RATE_LIMIT", 429, { message: "trial token rate limit exceeded, limit is 100000 tokens per minute" }],
    [
      "QUOTA_EXHAUSTED",
      429,
      { message: "You are using a Trial key, which is limited to 1000 API calls / month." },
    ],
    ["CONTENT_FILTERED", 498, { message: "blocked" }],
    ["PROVIDER_ERROR", 499, { message: "request cancelled" }],
    ["PROVIDER_ERROR", 500, { message: "internal server error, this has been reported to our developers." }],
    ["OVERLOADED", 503, { message: "unavailable" }],
    ["PROVIDER_ERROR", 504, ""],
    ["PROVIDER_ERROR", 502, "<html></html>"],
  ])("is %s: %i %j", (code, status, body) => {
    const got = errorFor(status, body);
    expect([got.code, got.status]).toEqual([code, status]);
  });

  it("repeats the message of Cohere, and has its request id", () => {
    const got = errorFor(404, { message: "model 'x' not found" }, { "x-debug-trace-id": "t1" });
    expect(got.message).toBe("cohere answered 404: model 'x' not found");
    expect(got.requestId).toBe("t1");
  });
});
