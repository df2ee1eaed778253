import { describe, expect, it } from "vitest";
import { targetFor } from "../../../../test/support/halves.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import { client } from "./index.js";

const target = targetFor("mistral");

function errorFor(status: number, body: unknown, headers: Record<string, string> = {}): AiLibError {
  return client.error(
    { status, headers, body: typeof body === "string" ? body : JSON.stringify(body) },
    target,
  );
}

describe("an error of Mistral's", () => {
  const error = (message: unknown, type: string | null = null, code: string | null = null) => ({
    object: "error",
    message,
    type,
    param: null,
    code,
  });

  it.each<[ErrorCode, number, unknown]>([
    ["AUTH_FAILED", 401, { detail: "Invalid API Key" }],
    ["AUTH_FAILED", 401, { message: "Unauthorized", request_id: "r" }],
    ["MODEL_NOT_FOUND", 400, error("Invalid model: nope", "invalid_model", "1500")],
    ["MODEL_NOT_FOUND", 404, error("Not Found")],
    ["RATE_LIMIT", 429, error("Rate limit exceeded", "rate_limited", "1300")],
    ["RATE_LIMIT", 429, { message: "Requests rate limit exceeded" }],
    ["OVERLOADED", 429, error("Service tier capacity exceeded for this model.", "invalid_request_error")],
    [
      "OVERLOADED",
      503,
      error("Service tier capacity exceeded for this model.", "service_tier_capacity_exceeded", "3505"),
    ],
    ["OVERLOADED", 503, error("Service unavailable")],
    ["QUOTA_EXHAUSTED", 402, error("Payment required")],
    ["QUOTA_EXHAUSTED", 401, error("Inactive subscription or usage limit reached.")],
    [
      "CONTEXT_TOO_LONG",
      400,
      error(
        "Prompt contains 300000 tokens, too large for model with 131072 maximum context length",
        "invalid_request_prompt",
        "3051",
      ),
    ],
    [
      "INVALID_REQUEST",
      400,
      error(
        "Tool call id was turn1_0 but must be a-z, A-Z, 0-9, with a length of 9.",
        "invalid_function_call",
        "3280",
      ),
    ],
    [
      "INVALID_REQUEST",
      400,
      error("Unexpected role 'user' after role 'tool'", "invalid_request_message_order", "3230"),
    ],
    [
      "INVALID_REQUEST",
      422,
      error(
        { detail: [{ type: "extra_forbidden", loc: ["body", "x"], msg: "Extra inputs are not permitted" }] },
        "invalid_request_error",
      ),
    ],
    ["INVALID_REQUEST", 422, { detail: [{ loc: ["body", "messages"], msg: "Field required" }] }],
    [
      "UNSUPPORTED_FEATURE",
      400,
      error("Logprobs are not enabled for this model", "invalid_request_invalid_args", "3051"),
    ],
    ["PERMISSION_DENIED", 403, error("Forbidden")],
    ["PROVIDER_ERROR", 500, error("Internal server error")],
    ["PROVIDER_ERROR", 502, "<html>Bad gateway</html>"],
    ["PROVIDER_ERROR", 504, ""],
  ])("is %s: %i %j", (code, status, body) => {
    const got = errorFor(status, body);
    expect([got.code, got.status]).toEqual([code, status]);
  });

  it("repeats the message of Mistral, and has its request id", () => {
    const got = errorFor(
      422,
      { detail: [{ loc: ["body", "messages"], msg: "Field required" }] },
      {
        "mistral-correlation-id": "r1",
        "set-cookie": "secret",
      },
    );
    expect(got.message).toBe("mistral answered 422: body.messages: Field required");
    expect(got.requestId).toBe("r1");
    expect(JSON.stringify(got)).not.toContain("secret");
  });

  it("concerns the model and not the provider if the model is out of capacity", () => {
    expect(errorFor(429, error("Service tier capacity exceeded for this model.")).scope).toBe("model");
    expect(errorFor(503, error("Service unavailable")).scope).toBe("provider");
  });
});
