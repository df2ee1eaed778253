import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../core/values/error-code.js";
import { client } from "./index.js";

const now = 1_760_000_000_000;
const target = { provider: "google", model: "gemini-3-flash", quirks: {}, now };

function classify(status: number, error: object | string) {
  const body = typeof error === "string" ? error : JSON.stringify({ error });
  return client.error({ status, headers: {}, body }, target);
}

const info = (reason: string) => ({
  "@type": "type.googleapis.com/google.rpc.ErrorInfo",
  reason,
  domain: "googleapis.com",
});
const retry = (retryDelay: unknown) => ({ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay });

describe("an error", () => {
  const cases: [what: string, status: number, error: object, code: ErrorCode, scope?: string][] = [
    [
      "a bad key",
      400,
      {
        status: "INVALID_ARGUMENT",
        message: "API key not valid. Please pass a valid API key.",
        details: [info("API_KEY_INVALID")],
      },
      "AUTH_FAILED",
    ],
    [
      "an expired key",
      400,
      { status: "INVALID_ARGUMENT", message: "API key expired. Please renew the API key." },
      "AUTH_FAILED",
    ],
    [
      "no key",
      403,
      {
        status: "PERMISSION_DENIED",
        message: "Method doesn't allow unregistered callers (callers without established identity).",
      },
      "AUTH_FAILED",
    ],
    [
      "a leaked key",
      403,
      {
        status: "PERMISSION_DENIED",
        message: "Your API key was reported as leaked. Please use another API key.",
      },
      "AUTH_FAILED",
    ],
    [
      "a token that is none",
      401,
      { status: "UNAUTHENTICATED", message: "Request had invalid authentication credentials." },
      "AUTH_FAILED",
    ],
    [
      "a key for another service",
      403,
      {
        status: "PERMISSION_DENIED",
        message: "Requests to this API are blocked.",
        details: [info("API_KEY_SERVICE_BLOCKED")],
      },
      "PERMISSION_DENIED",
      "key",
    ],
    [
      "a right that is missing",
      403,
      {
        status: "PERMISSION_DENIED",
        message: "Permission 'aiplatform.endpoints.predict' denied on resource",
      },
      "PERMISSION_DENIED",
      "account",
    ],
    [
      "an account without billing",
      403,
      {
        status: "PERMISSION_DENIED",
        message: "This API method requires billing to be enabled.",
        details: [info("BILLING_DISABLED")],
      },
      "QUOTA_EXHAUSTED",
    ],
    [
      "a region",
      400,
      { status: "FAILED_PRECONDITION", message: "User location is not supported for the API use." },
      "PERMISSION_DENIED",
      "region",
    ],
    [
      "a model that is not there",
      404,
      { status: "NOT_FOUND", message: "models/gemini-0 is not found for API version v1beta" },
      "MODEL_NOT_FOUND",
    ],
    [
      "a cache that is not there",
      404,
      { status: "NOT_FOUND", message: "CachedContent not found: cachedContents/x" },
      "INVALID_REQUEST",
    ],
    [
      "a prompt that is too long",
      400,
      {
        status: "INVALID_ARGUMENT",
        message: "The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).",
      },
      "CONTEXT_TOO_LONG",
    ],
    [
      "a feature that is off",
      400,
      { status: "INVALID_ARGUMENT", message: "Function calling is not enabled for models/gemma-3-27b-it" },
      "UNSUPPORTED_FEATURE",
    ],
    [
      "a mistake",
      400,
      { status: "INVALID_ARGUMENT", message: 'Unknown name "foo": Cannot find field.' },
      "INVALID_REQUEST",
    ],
    [
      "a limit by the minute",
      429,
      {
        status: "RESOURCE_EXHAUSTED",
        message: "You exceeded your current quota, please check your plan and billing details.",
      },
      "RATE_LIMIT",
    ],
    [
      "a limit of nothing",
      429,
      {
        status: "RESOURCE_EXHAUSTED",
        message: "Quota exceeded for metric: x, limit: 0, model: gemini-2.5-pro",
        details: [retry("30s")],
      },
      "QUOTA_EXHAUSTED",
    ],
    [
      "a quota of nothing",
      429,
      {
        status: "RESOURCE_EXHAUSTED",
        message: "x",
        details: [{ violations: [{ quotaId: "q", quotaValue: "0" }] }],
      },
      "QUOTA_EXHAUSTED",
    ],
    [
      "credits that are gone",
      429,
      { status: "RESOURCE_EXHAUSTED", message: "Your prepayment credits are depleted." },
      "QUOTA_EXHAUSTED",
    ],
    [
      "an overload",
      503,
      { status: "UNAVAILABLE", message: "The model is overloaded. Please try again later." },
      "OVERLOADED",
    ],
    [
      "a breakdown",
      500,
      { status: "INTERNAL", message: "An internal error has occurred." },
      "PROVIDER_ERROR",
    ],
    [
      "a server's deadline",
      504,
      { status: "DEADLINE_EXCEEDED", message: "Deadline expired before operation could complete." },
      "PROVIDER_ERROR",
    ],
    [
      "a method that is not there",
      501,
      { status: "UNIMPLEMENTED", message: "Operation is not implemented." },
      "UNSUPPORTED_FEATURE",
    ],
    ["a word that is new", 503, { status: "SOMETHING_NEW", message: "x" }, "OVERLOADED"],
    ["odd types", 429, { status: 7, message: {}, details: [null, 3, { violations: [4] }] }, "RATE_LIMIT"],
  ];
  it.each(cases)("of %s", (_, status, error, code, scope) => {
    const found = classify(status, { code: status, ...error });
    expect(found).toMatchObject({ code, status, ...(scope === undefined ? {} : { scope }) });
  });

  it.each([
    ["48s", now + 48_000],
    ["0.847655010s", now + 848],
    ["soon", undefined],
    [48, undefined],
    ["-3s", undefined],
  ])("reports its delay in the body: %j", (delay, retryAt) => {
    expect(
      classify(429, { status: "RESOURCE_EXHAUSTED", message: "x", details: [retry(delay)] }).retryAt,
    ).toBe(retryAt);
  });

  it.each([
    [
      '[{"error":{"code":404,"message":"models/x is not found","status":"NOT_FOUND"}}]',
      404,
      "MODEL_NOT_FOUND",
    ],
    ["<html>Bad Gateway</html>", 502, "PROVIDER_ERROR"],
    ["", 503, "OVERLOADED"],
    ['{"error":"text"}', 401, "AUTH_FAILED"],
    ["[]", 429, "RATE_LIMIT"],
  ])("may have another shape: %s", (body, status, code) => {
    expect(classify(status, body)).toMatchObject({ code, status });
  });

  it("carries no more than the provider's words", () => {
    const found = classify(400, { status: "INVALID_ARGUMENT", message: "Bad." });
    expect(found.message).toBe("google answered 400: Bad.");
    expect(found.local).toBe(false);
  });
});

describe("an error that a server reports", () => {
  it("is ignored if it can only happen on the client side", () => {
    const error = { status: "INTERNAL", message: "x", details: [{ domain: "ai-lib", reason: "CANCELLED" }] };
    expect(classify(500, error).code).toBe("PROVIDER_ERROR");
  });
});
