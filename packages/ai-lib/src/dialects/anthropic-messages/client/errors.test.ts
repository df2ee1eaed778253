import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import { client } from "./index.js";

const now = Date.parse("2026-01-01T00:00:00Z");
const target: DialectTarget = { provider: "anthropic", model: "claude-x", quirks: {}, now };

function errorOf(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  quirks: DialectTarget["quirks"] = {},
): AiLibError {
  return client.error(
    { status, headers, body: typeof body === "string" ? body : JSON.stringify(body) },
    { ...target, quirks },
  );
}

const told = (type: string, message = "m", details?: unknown) => ({
  type: "error",
  error: { type, message, ...(details === undefined ? {} : { details }) },
  request_id: "req_1",
});

describe("an error reply", () => {
  it.each<[number, unknown, ErrorCode]>([
    [401, told("authentication_error", "invalid x-api-key"), "AUTH_FAILED"],
    [403, told("permission_error"), "PERMISSION_DENIED"],
    [402, told("billing_error"), "QUOTA_EXHAUSTED"],
    [404, told("not_found_error", "model: claude-y"), "MODEL_NOT_FOUND"],
    [404, told("not_found_error", "File not found: file_1"), "INVALID_REQUEST"],
    [413, told("request_too_large", "Request exceeds the maximum size"), "CONTEXT_TOO_LONG"],
    [429, told("rate_limit_error", "This request would exceed your organization's rate limit"), "RATE_LIMIT"],
    [429, told("rate_limit_error", "m", { error_code: "enforced_spend_limit_reached" }), "QUOTA_EXHAUSTED"],
    [500, told("api_error", "Internal server error"), "PROVIDER_ERROR"],
    [504, told("timeout_error"), "PROVIDER_ERROR"],
    [529, told("overloaded_error", "Overloaded"), "OVERLOADED"],
    [400, told("invalid_request_error", "max_tokens: Field required"), "INVALID_REQUEST"],
    [
      400,
      told("invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum"),
      "CONTEXT_TOO_LONG",
    ],
    [
      400,
      told("invalid_request_error", "input length and `max_tokens` exceed context limit: 19 + 2 > 20"),
      "CONTEXT_TOO_LONG",
    ],
    [
      400,
      told("invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
      "QUOTA_EXHAUSTED",
    ],
    [400, told("invalid_request_error", "Output blocked by content filtering policy"), "CONTENT_FILTERED"],
    [
      400,
      told("invalid_request_error", "This model does not support assistant message prefill."),
      "UNSUPPORTED_FEATURE",
    ],
    [400, told("invalid_request_error", "m", { error_code: "organization_on_hold" }), "PERMISSION_DENIED"],
    // Vertex, before the model is reached.
    [429, { error: { code: 429, message: "Quota exceeded", status: "RESOURCE_EXHAUSTED" } }, "RATE_LIMIT"],
    [
      404,
      [{ error: { code: 404, message: "Publisher Model x not found", status: "NOT_FOUND" } }],
      "MODEL_NOT_FOUND",
    ],
    [401, { error: { code: 401, message: "m", status: "UNAUTHENTICATED" } }, "AUTH_FAILED"],
    // MiniMax.
    [500, told("insufficient_balance_error", "insufficient balance (1008)"), "QUOTA_EXHAUSTED"],
    [400, told("bad_request_error", "invalid params, x (2013)"), "INVALID_REQUEST"],
    [200, { base_resp: { status_code: 1002, status_msg: "rate limit" } }, "RATE_LIMIT"],
    // Gateways.
    [400, { error: { message: "maximum context length is 8192", type: "bad" } }, "CONTEXT_TOO_LONG"],
    [503, { error: "busy" }, "OVERLOADED"],
    [502, "<html>Bad gateway</html>", "PROVIDER_ERROR"],
    [404, "", "MODEL_NOT_FOUND"],
  ])("with status %i and %j is %s", (status, body, code) => {
    expect(errorOf(status, body).code).toBe(code);
  });

  it.each([
    [{ base_resp: { status_code: 1039, status_msg: "x" } }],
    [told("api_error", "x (1039)")],
    [told("invalid_request_error", "x (1039)")],
  ])("means what the vendor's own code means, if the target names it: %j", (body) => {
    expect(errorOf(500, body, {}, { errorCodes: { RATE_LIMIT: [1002, 1039] } }).code).toBe("RATE_LIMIT");
    expect(errorOf(500, body, {}, { errorCodes: { RATE_LIMIT: ["1002", "103"] } }).code).not.toBe(
      "RATE_LIMIT",
    );
    expect(errorOf(500, body).code).not.toBe("RATE_LIMIT");
  });

  it("keeps status, request id, headers but cookies, and body", () => {
    const error = errorOf(529, told("overloaded_error", "Overloaded"), {
      "retry-after": "3",
      "set-cookie": "secret",
    });
    expect(error).toMatchObject({
      status: 529,
      requestId: "req_1",
      headers: { "retry-after": "3" },
      target: { provider: "anthropic", model: "claude-x" },
    });
    expect(error.message).toContain("Overloaded");
    expect(JSON.stringify(error)).not.toContain("secret");
  });

  it("reports when to come back, if the body does", () => {
    const limit =
      "You have reached your specified API usage limits. You will regain access on 2026-02-01 at 00:00 UTC.";
    expect(errorOf(400, told("invalid_request_error", limit))).toMatchObject({
      code: "QUOTA_EXHAUSTED",
      retryAt: Date.parse("2026-02-01T00:00:00Z"),
    });
    const google = {
      error: { code: 429, message: "m", status: "RESOURCE_EXHAUSTED", details: [{ retryDelay: "12.5s" }] },
    };
    expect(errorOf(429, google).retryAt).toBe(now + 12_500);
  });
});
