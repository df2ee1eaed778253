import { describe, expect, it } from "vitest";
import { targetFor } from "../../../../test/support/halves.js";
import type { Quirks } from "../../../core/contract/dialect.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import { client } from "./index.js";

const NOW = 1_760_000_000_000;

function openAi(message: string, code: string | null, type = "invalid_request_error") {
  return { error: { message, type, param: null, code } };
}

function errorOf(status: number, body: unknown, quirks: Quirks = {}): AiLibError {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return client.error({ status, headers: {}, body: text }, targetFor("labs", quirks));
}

type Row = readonly [what: string, status: number, body: unknown, code: ErrorCode, quirks?: Quirks];

const ROWS: readonly Row[] = [
  ["OpenAI: a bad key", 401, openAi("Incorrect API key provided: sk-***.", "invalid_api_key"), "AUTH_FAILED"],
  [
    "OpenAI: money",
    429,
    openAi("You exceeded your current quota", "insufficient_quota", "insufficient_quota"),
    "QUOTA_EXHAUSTED",
  ],
  [
    "OpenAI: money, in the message alone",
    429,
    openAi("You exceeded your current quota", null),
    "QUOTA_EXHAUSTED",
  ],
  ["OpenAI: a spend limit", 429, openAi("Your project has reached its spend limit", null), "QUOTA_EXHAUSTED"],
  [
    "OpenAI: requests per minute",
    429,
    openAi("Rate limit reached, visit our billing page", "rate_limit_exceeded", "requests"),
    "RATE_LIMIT",
  ],
  [
    "OpenAI: no such model",
    404,
    openAi("The model `x` does not exist", "model_not_found"),
    "MODEL_NOT_FOUND",
  ],
  [
    "OpenAI: too long",
    400,
    openAi("maximum context length is 8192", "context_length_exceeded"),
    "CONTEXT_TOO_LONG",
  ],
  [
    "OpenAI: an unsupported field",
    400,
    openAi("Unsupported parameter: 'stop'", "unsupported_parameter"),
    "UNSUPPORTED_FEATURE",
  ],
  [
    "OpenAI: no tools, as a 404",
    404,
    openAi("tools is not supported in this model", null),
    "UNSUPPORTED_FEATURE",
  ],
  ["OpenAI: a mistake", 400, openAi("Invalid 'messages'", "empty_array"), "INVALID_REQUEST"],
  ["OpenAI: its own fault", 500, openAi("The server had an error", null, "server_error"), "PROVIDER_ERROR"],
  [
    "OpenAI: overloaded",
    503,
    openAi("The engine is currently overloaded", null, "server_error"),
    "OVERLOADED",
  ],
  [
    "Azure: the filter",
    400,
    { error: { code: "x", message: "no", innererror: { code: "ResponsibleAIPolicyViolation" } } },
    "CONTENT_FILTERED",
  ],
  [
    "Azure: no deployment",
    404,
    { error: { code: "DeploymentNotFound", message: "none" } },
    "MODEL_NOT_FOUND",
  ],
  ["Azure: a retired model", 410, { error: { code: "Gone", message: "retired" } }, "MODEL_NOT_FOUND"],
  ["Azure: a rate", 429, { error: { code: "429", message: "exceeded token rate limit" } }, "RATE_LIMIT"],
  [
    "Groq: larger than a minute",
    413,
    openAi("Request too large on tokens per minute", "rate_limit_exceeded", "tokens"),
    "CONTEXT_TOO_LONG",
  ],
  ["Groq: flex capacity", 498, openAi("no capacity", "capacity_exceeded"), "OVERLOADED"],
  [
    "Groq: a call that fits no schema",
    400,
    openAi("Tool call validation failed", "tool_use_failed"),
    "INVALID_RESPONSE",
  ],
  [
    "DeepSeek: balance",
    402,
    openAi("Insufficient Balance", "invalid_request_error", "unknown_error"),
    "QUOTA_EXHAUSTED",
  ],
  [
    "xAI: a bad key is a 400",
    400,
    { code: "Client specified an invalid argument", error: "Incorrect API key provided: xa***." },
    "AUTH_FAILED",
  ],
  [
    "xAI: credits",
    429,
    { code: "Some resource has been exhausted", error: "Your team has reached its monthly spending limit" },
    "QUOTA_EXHAUSTED",
  ],
  ["OpenRouter: credits", 402, { error: { code: 402, message: "Insufficient credits" } }, "QUOTA_EXHAUSTED"],
  [
    "OpenRouter: moderation",
    403,
    { error: { code: 403, message: "Your input was flagged", metadata: { reasons: ["violence"] } } },
    "CONTENT_FILTERED",
  ],
  [
    "OpenRouter: no such model",
    400,
    { error: { code: 400, message: "x/y is not a valid model ID" } },
    "MODEL_NOT_FOUND",
  ],
  [
    "OpenRouter: no endpoint",
    404,
    { error: { code: 404, message: "No endpoints found for x/y." } },
    "MODEL_NOT_FOUND",
  ],
  [
    "OpenRouter: no endpoint with tools",
    404,
    { error: { code: 404, message: "No endpoints found that support tool use." } },
    "UNSUPPORTED_FEATURE",
  ],
  [
    "OpenRouter: the error of the provider behind it",
    400,
    {
      error: {
        code: 400,
        message: "Provider returned error",
        metadata: { raw: JSON.stringify(openAi("too long", "context_length_exceeded")) },
      },
    },
    "CONTEXT_TOO_LONG",
  ],
  ["Ollama: absent", 404, { error: 'model "x" not found, try pulling it first' }, "MODEL_NOT_FOUND"],
  ["Baidu v2", 429, { error: { code: "rpm_rate_limit_exceeded", message: "slow", type: "x" } }, "RATE_LIMIT"],
  [
    "Moonshot: balance as a 403",
    403,
    openAi("not allowed", null, "x"),
    "QUOTA_EXHAUSTED",
    { forbiddenIsQuota: true },
  ],
  ["Moonshot: overload as a 429", 429, openAi("try later", null, "engine_overloaded_error"), "OVERLOADED"],
  [
    "Moonshot: its quota",
    429,
    openAi("check your plan", null, "exceeded_current_quota_error"),
    "QUOTA_EXHAUSTED",
  ],
  [
    "DashScope: tokens per minute, not money",
    429,
    openAi(
      "You exceeded your current quota, please check your plan and billing details",
      "insufficient_quota",
      "insufficient_quota",
    ),
    "RATE_LIMIT",
    { quotaIsRate: true },
  ],
  [
    "DashScope: throttled",
    429,
    { code: "Throttling.AllocationQuota", message: "Allocated quota exceeded", request_id: "r" },
    "RATE_LIMIT",
  ],
  [
    "DashScope: arrears",
    400,
    { code: "Arrearage", message: "Access denied", request_id: "r" },
    "QUOTA_EXHAUSTED",
  ],
  [
    "DashScope: the filter",
    400,
    { code: "DataInspectionFailed", message: "inappropriate", request_id: "r" },
    "CONTENT_FILTERED",
  ],
  ["Volcengine: overdue", 403, openAi("overdue", "AccountOverdueError", "Forbidden"), "QUOTA_EXHAUSTED"],
  [
    "Volcengine: no such endpoint",
    404,
    openAi("none", "InvalidEndpointOrModel.NotFound", "NotFound"),
    "MODEL_NOT_FOUND",
  ],
  [
    "Mistral's models: capacity is no rate",
    429,
    {
      object: "error",
      message: "Service tier capacity exceeded for this model.",
      type: "service_tier_capacity_exceeded",
      code: "3505",
    },
    "OVERLOADED",
  ],
  [
    "Cerebras: without a wrapper",
    429,
    {
      message: "Requests per minute limit exceeded",
      type: "too_many_requests_error",
      code: "request_quota_exceeded",
    },
    "RATE_LIMIT",
  ],
  [
    "Cloudflare: a list",
    401,
    { success: false, errors: [{ code: 10000, message: "Authentication error" }] },
    "AUTH_FAILED",
  ],
  [
    "vLLM: too long",
    400,
    {
      object: "error",
      message: "This model's maximum context length is 4096 tokens",
      type: "BadRequestError",
      code: 400,
    },
    "CONTEXT_TOO_LONG",
  ],
  [
    "vLLM: no such model",
    404,
    { object: "error", message: "The model `x` does not exist.", type: "NotFoundError", code: 404 },
    "MODEL_NOT_FOUND",
  ],
  [
    "Text Generation Inference: overloaded",
    429,
    { error: "Model is overloaded", error_type: "overloaded" },
    "OVERLOADED",
  ],
  [
    "Text Generation Inference: too long",
    422,
    {
      error: "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048",
      error_type: "validation",
    },
    "CONTEXT_TOO_LONG",
  ],
  [
    "llama.cpp: loading",
    503,
    { error: { code: 503, message: "Loading model", type: "unavailable_error" } },
    "OVERLOADED",
  ],
  [
    "FastAPI: a wrong field",
    422,
    { detail: [{ loc: ["body"], msg: "field required", type: "missing" }] },
    "INVALID_REQUEST",
  ],
  ["Databricks", 404, { error_code: "ENDPOINT_NOT_FOUND", message: "none" }, "MODEL_NOT_FOUND"],
  [
    "SiliconFlow: balance",
    403,
    { code: 30001, message: "Sorry, your account balance is insufficient", data: null },
    "QUOTA_EXHAUSTED",
  ],
  [
    "Fireworks: suspended",
    412,
    openAi("Account is suspended, possibly due to reaching the monthly spending limit", null),
    "QUOTA_EXHAUSTED",
  ],
  [
    "Google: a bad key is a 400",
    400,
    [
      {
        error: {
          code: 400,
          message: "API key not valid.",
          status: "INVALID_ARGUMENT",
          details: [{ reason: "API_KEY_INVALID" }],
        },
      },
    ],
    "AUTH_FAILED",
  ],
  [
    "Google: a quota that is none",
    429,
    [
      {
        error: {
          code: 429,
          message: "You exceeded your current quota. limit: 0",
          status: "RESOURCE_EXHAUSTED",
        },
      },
    ],
    "QUOTA_EXHAUSTED",
  ],
  [
    "Anthropic behind the dialect: credit",
    400,
    { type: "error", error: { type: "invalid_request_error", message: "Your credit balance is too low" } },
    "QUOTA_EXHAUSTED",
  ],
  ["an HTML page", 502, "<html><body>Bad Gateway</body></html>", "PROVIDER_ERROR"],
  ["nothing, with a 401", 401, "", "AUTH_FAILED"],
  ["nothing, with a 503", 503, "", "OVERLOADED"],
];

describe("an error reply", () => {
  for (const [what, status, body, code, quirks] of ROWS)
    it(`is ${code}, from ${what}`, () => {
      const error = errorOf(status, body, quirks);
      expect(error).toMatchObject({ code, status });
      expect(error.message).toMatch(/^labs answered/);
    });

  it("concerns the region if a country is refused", () => {
    const body = openAi(
      "Country, region, or territory not supported",
      "unsupported_country_region_territory",
    );
    expect(errorOf(403, body)).toMatchObject({ code: "PERMISSION_DENIED", scope: "region" });
  });

  it("concerns the model if the key may not use it", () => {
    const body = openAi("You are not allowed to sample from this model", null);
    expect(errorOf(403, body)).toMatchObject({ code: "PERMISSION_DENIED", scope: "model" });
  });

  it("repeats the message of the provider, and its code", () => {
    expect(errorOf(404, openAi("No such thing", "model_not_found")).message).toBe(
      "labs answered 404: No such thing (model_not_found)",
    );
  });
});

type Wait = readonly [what: string, body: unknown, milliseconds: number];

describe("the time to retry in a body", () => {
  it.each<Wait>([
    ["seconds", openAi("Rate limit. Please try again in 7.66s.", "rate_limit_exceeded"), 7_660],
    ["milliseconds", openAi("Rate limit. Please try again in 20ms.", "rate_limit_exceeded"), 20],
    ["minutes and seconds", openAi("Rate limit. Please try again in 1m2.5s.", "rate_limit_exceeded"), 62_500],
    ["hours", openAi("Rate limit. Try again in 1h0m30s", "rate_limit_exceeded"), 3_630_000],
    ["words", openAi("Please retry after 20 seconds.", "429"), 20_000],
    [
      "a wait",
      openAi("Rate limit exceeded. Please wait 42 seconds before retrying.", "RateLimitReached"),
      42_000,
    ],
    [
      "Google's delay",
      [
        {
          error: { code: 429, message: "x", status: "RESOURCE_EXHAUSTED", details: [{ retryDelay: "34s" }] },
        },
      ],
      34_000,
    ],
    [
      "a gateway's header",
      {
        error: {
          code: 429,
          message: "x",
          metadata: { headers: { "X-RateLimit-Reset": String(NOW + 5_000) } },
        },
      },
      5_000,
    ],
  ])("is read from %s", (_what, body, wait) => {
    expect(errorOf(429, body)).toMatchObject({ code: "RATE_LIMIT", retryAt: NOW + wait });
  });

  it("is read from a date in the time zone of Beijing", () => {
    const body = { error: { code: "1308", message: "Your limit will reset at 2025-10-10 00:00:00" } };
    expect(errorOf(429, body).retryAt).toBe(Date.UTC(2025, 9, 9, 16));
  });

  it.each([
    ["none", openAi("Rate limit reached for 5 requests", "rate_limit_exceeded")],
    ["an absurd one", openAi("Please try again in 99999h.", "rate_limit_exceeded")],
    [
      "one that has passed",
      { error: { code: 429, message: "x", metadata: { headers: { "X-RateLimit-Reset": "5" } } } },
    ],
  ])("is absent if there is %s", (_what, body) => {
    expect(errorOf(429, body).retryAt).toBeUndefined();
  });
});

describe("a vendor's own code", () => {
  const errorCodes = { RATE_LIMIT: [1302], AUTH_FAILED: ["1001", "E-7"] };

  it.each<[body: unknown, code: ErrorCode]>([
    [{ error: { code: "1302", message: "错误" } }, "RATE_LIMIT"],
    [{ error: { code: 1302, message: "错误" } }, "RATE_LIMIT"],
    [{ error: { code: 1001, message: "错误" } }, "AUTH_FAILED"],
    [{ code: "E-7", message: "no" }, "AUTH_FAILED"],
    [{ error_code: 1302, error_msg: "x" }, "RATE_LIMIT"],
    [{ base_resp: { status_code: 1001, status_msg: "x" } }, "AUTH_FAILED"],
    // It is more precise than the type beside it, and than the status.
    [
      { error: { code: "1302", type: "invalid_request_error", message: "context length exceeded" } },
      "RATE_LIMIT",
    ],
  ])("has the meaning that the quirks of its target give it: %j", (body, code) => {
    expect(errorOf(400, body, { errorCodes }).code).toBe(code);
  });

  it.each([1, 3, 13, 18, 100, 110, 1000, 1001, 1004, 1008, 1113, 1301, 1302, 2049, 10313, 11200, 336007])(
    "has no meaning without such quirks: %i",
    (code) => {
      for (const body of [
        { error: { code, message: "x" } },
        { error: { code: String(code), message: "x" } },
        { error_code: code, error_msg: "x" },
        { base_resp: { status_code: code, status_msg: "x" } },
        { code, message: "x" },
      ])
        expect(errorOf(400, body).code).toBe("INVALID_REQUEST");
    },
  );
});

describe("an error inside a 200", () => {
  it.each<[string, unknown, ErrorCode]>([
    ["xAI", { code: "invalid", error: "Incorrect API key provided" }, "AUTH_FAILED"],
    ["OpenRouter", { error: { code: 502, message: "upstream" }, choices: [] }, "PROVIDER_ERROR"],
    ["OpenRouter, a rate", { error: { code: 429, message: "slow" } }, "RATE_LIMIT"],
    ["Baidu v1", { error_code: 18, error_msg: "Rate limit reached" }, "RATE_LIMIT"],
    ["MiniMax", { base_resp: { status_code: 1002, status_msg: "rate limit" }, choices: null }, "RATE_LIMIT"],
    [
      "Tencent",
      { Response: { Error: { Code: "AuthFailure.SignatureFailure", Message: "x" } } },
      "AUTH_FAILED",
    ],
    [
      "Tencent, a rate",
      { Response: { Error: { Code: "RequestLimitExceeded", Message: "x" } } },
      "RATE_LIMIT",
    ],
    ["DashScope", { code: "Throttling", message: "x", request_id: "r" }, "RATE_LIMIT"],
    ["vLLM", { object: "error", message: "boom", type: "InternalServerError", code: 500 }, "PROVIDER_ERROR"],
  ])("is classified like one with a status, whole and in a stream: %s", (_what, body, code) => {
    const target = targetFor("labs");
    const text = JSON.stringify(body);
    expect(() => client.decode({ status: 200, headers: {}, body: text }, target)).toThrow(
      expect.objectContaining({ code, status: undefined }),
    );
    const failed: AiLibError[] = [];
    const decoder = client.decoder(target, {
      event() {},
      finish() {},
      fail: (error) => failed.push(error),
    });
    decoder.frame({ data: text });
    decoder.end();
    expect(failed.map((error) => error.code)).toEqual([code]);
  });

  it("is none if MiniMax reports the status 0", () => {
    const body = {
      choices: [{ index: 0, message: { content: "Hi" }, finish_reason: "stop" }],
      base_resp: { status_code: 0, status_msg: "" },
    };
    const reply = client.decode({ status: 200, headers: {}, body: JSON.stringify(body) }, targetFor("labs"));
    expect(reply.content).toEqual([{ type: "text", text: "Hi" }]);
  });

  it("keeps the content before it if a choice failed midway", () => {
    const body = {
      choices: [{ index: 0, message: { content: "Half" }, error: { code: 502, message: "upstream died" } }],
    };
    try {
      client.decode({ status: 200, headers: {}, body: JSON.stringify(body) }, targetFor("labs"));
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "PROVIDER_ERROR", partial: { text: "Half" } });
    }
  });
});
