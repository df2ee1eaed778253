import { describe, expect, it } from "vitest";
import { replayBody, replayFrames, targetFor } from "../../../../test/support/halves.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import { client } from "./index.js";

const target = targetFor("openai");

function errorOf(body: unknown, status: number): AiLibError {
  return client.error(
    { status, headers: {}, body: typeof body === "string" ? body : JSON.stringify(body) },
    target,
  );
}

function streamed(...events: unknown[]): AiLibError | undefined {
  const { outcome } = replayFrames(
    client,
    target,
    events.map((event) => JSON.stringify(event)),
  );
  return outcome !== undefined && "error" in outcome ? outcome.error : undefined;
}

describe("an error reply", () => {
  it.each<[string, number, unknown, ErrorCode]>([
    [
      "OpenAI: key",
      401,
      {
        error: {
          message: "Incorrect API key provided",
          type: "invalid_request_error",
          param: null,
          code: "invalid_api_key",
        },
      },
      "AUTH_FAILED",
    ],
    [
      "OpenAI: money",
      429,
      {
        error: {
          message: "You exceeded your current quota",
          type: "insufficient_quota",
          param: null,
          code: "insufficient_quota",
        },
      },
      "QUOTA_EXHAUSTED",
    ],
    [
      "OpenAI: rate",
      429,
      {
        error: {
          message: "Rate limit reached for gpt-x",
          type: "tokens",
          param: null,
          code: "rate_limit_exceeded",
        },
      },
      "RATE_LIMIT",
    ],
    [
      "OpenAI: region",
      403,
      {
        error: {
          message: "Country, region, or territory not supported",
          type: "request_forbidden",
          param: null,
          code: "unsupported_country_region_territory",
        },
      },
      "PERMISSION_DENIED",
    ],
    [
      "OpenAI: length",
      400,
      {
        error: {
          message: "Your input exceeds the context window of this model.",
          type: "invalid_request_error",
          param: "input",
          code: "context_length_exceeded",
        },
      },
      "CONTEXT_TOO_LONG",
    ],
    [
      "OpenAI: model",
      400,
      {
        error: {
          message: "The requested model 'x' does not exist.",
          type: "invalid_request_error",
          param: "model",
          code: "model_not_found",
        },
      },
      "MODEL_NOT_FOUND",
    ],
    [
      "OpenAI: cipher of another endpoint",
      400,
      {
        error: {
          message: "The encrypted content gAAA... could not be verified.",
          type: "invalid_request_error",
          param: null,
          code: "invalid_encrypted_content",
        },
      },
      "INVALID_REQUEST",
    ],
    [
      "OpenAI: policy",
      400,
      {
        error: {
          message: "Invalid prompt: your prompt was flagged",
          type: "invalid_request_error",
          param: null,
          code: "invalid_prompt",
        },
      },
      "CONTENT_FILTERED",
    ],
    [
      "Azure: filter",
      400,
      {
        error: {
          message: "The response was filtered",
          type: null,
          param: "prompt",
          code: "content_filter",
          innererror: { code: "ResponsibleAIPolicyViolation" },
        },
      },
      "CONTENT_FILTERED",
    ],
    [
      "Azure: deployment",
      404,
      {
        error: {
          code: "DeploymentNotFound",
          message: "The API deployment for this resource does not exist.",
        },
      },
      "MODEL_NOT_FOUND",
    ],
    [
      "xAI: key is 400",
      400,
      {
        code: "invalid-argument",
        error: "Incorrect API key provided. You can obtain an API key from https://console.x.ai.",
      },
      "AUTH_FAILED",
    ],
    [
      "DeepSeek: balance",
      402,
      {
        error: {
          message: "Insufficient Balance",
          type: "unknown_error",
          param: null,
          code: "invalid_request_error",
        },
      },
      "QUOTA_EXHAUSTED",
    ],
    [
      "OpenRouter: number as code",
      402,
      { error: { code: 402, message: "Insufficient credits" } },
      "QUOTA_EXHAUSTED",
    ],
    ["ChatGPT: detail", 401, { detail: "Could not parse your authentication token." }, "AUTH_FAILED"],
    [
      "overloaded",
      503,
      {
        error: {
          message: "The engine is currently overloaded",
          type: "server_error",
          param: null,
          code: null,
        },
      },
      "OVERLOADED",
    ],
    ["a gateway's page", 502, "<html>Bad Gateway</html>", "PROVIDER_ERROR"],
    ["nothing", 500, "", "PROVIDER_ERROR"],
  ])("is classified: %s", (_, status, body, code) => {
    expect(errorOf(body, status)).toMatchObject({ code, status });
  });

  it("of a region has the scope of the region", () => {
    const body = { error: { message: "no", code: "unsupported_country_region_territory" } };
    expect(errorOf(body, 403).scope).toBe("region");
  });

  it("has the time to retry if its message has it", () => {
    const body = {
      error: { message: "Rate limit reached. Please try again in 1.5s.", code: "rate_limit_exceeded" },
    };
    expect(errorOf(body, 429).retryAt).toBe(target.now + 1_500);
  });

  it("names the request for the provider's support", () => {
    const reply = { status: 500, headers: { "x-request-id": "req_1", "set-cookie": "s" }, body: "{}" };
    const error = client.error(reply, target);
    expect(error.requestId).toBe("req_1");
    expect(error.headers).not.toHaveProperty("set-cookie");
  });
});

describe("an error inside a 200", () => {
  const quota = { code: "insufficient_quota", message: "You exceeded your current quota" };

  it.each<[string, unknown, ErrorCode]>([
    [
      "an event with an error object",
      { type: "error", sequence_number: 1, error: { type: "insufficient_quota", ...quota } },
      "QUOTA_EXHAUSTED",
    ],
    [
      "an event with the fields beside its type",
      { type: "error", sequence_number: 1, param: null, ...quota },
      "QUOTA_EXHAUSTED",
    ],
    [
      "an event that names no code",
      { type: "error", code: null, message: "The server had an error", param: null },
      "PROVIDER_ERROR",
    ],
    [
      "a response that failed",
      { type: "response.failed", response: { status: "failed", error: quota } },
      "QUOTA_EXHAUSTED",
    ],
    [
      "a response that failed without a word",
      { type: "response.failed", response: { status: "failed", error: null } },
      "PROVIDER_ERROR",
    ],
    [
      "xAI's last event of a response that failed",
      { type: "response.done", response: { status: "failed", error: quota } },
      "QUOTA_EXHAUSTED",
    ],
    [
      "OpenAI's code of a server's fault",
      { type: "response.failed", response: { error: { code: "server_error", message: "x" } } },
      "PROVIDER_ERROR",
    ],
    [
      "OpenAI's code of a rate",
      { type: "response.failed", response: { error: { code: "rate_limit_exceeded", message: "x" } } },
      "RATE_LIMIT",
    ],
    [
      "OpenAI's code of a picture",
      { type: "response.failed", response: { error: { code: "invalid_image_url", message: "x" } } },
      "INVALID_REQUEST",
    ],
    [
      "OpenAI's code of a policy",
      {
        type: "response.failed",
        response: { error: { code: "image_content_policy_violation", message: "x" } },
      },
      "CONTENT_FILTERED",
    ],
    ["a bare object in OpenRouter's shape", { error: { code: 429, message: "Rate limited" } }, "RATE_LIMIT"],
    [
      "a bare object in xAI's shape",
      { code: "invalid-argument", error: "Incorrect API key provided" },
      "AUTH_FAILED",
    ],
  ])("is classified in a stream: %s", (_, event, code) => {
    const error = streamed({ type: "response.created", response: { id: "resp_1" } }, event);
    expect(error).toMatchObject({ code, committed: false });
    expect(error?.status).toBeUndefined();
  });

  it("ends the stream once, even if an event and a failed response report it", () => {
    const endings: string[] = [];
    const decoder = client.decoder(target, {
      event() {},
      finish: () => endings.push("finish"),
      fail: (error) => endings.push(error.code),
    });
    decoder.frame({ data: JSON.stringify({ type: "error", error: quota }) });
    decoder.frame({ data: JSON.stringify({ type: "response.failed", response: { error: quota } }) });
    decoder.end();
    expect(endings).toEqual(["QUOTA_EXHAUSTED"]);
  });

  it.each<[string, unknown, ErrorCode]>([
    [
      "a failed response",
      { object: "response", status: "failed", error: quota, output: [] },
      "QUOTA_EXHAUSTED",
    ],
    [
      "a cancelled response",
      { object: "response", status: "cancelled", error: null, output: [] },
      "PROVIDER_ERROR",
    ],
    ["an error object", { error: { code: 402, message: "Insufficient credits" } }, "QUOTA_EXHAUSTED"],
    ["xAI's shape", { code: "x", error: "Incorrect API key provided" }, "AUTH_FAILED"],
    ["no answer at all", { object: "response", status: "completed" }, "INVALID_RESPONSE"],
    ["HTML", "<html></html>", "INVALID_RESPONSE"],
    ["nothing", "", "INVALID_RESPONSE"],
  ])("is classified in a whole reply: %s", (_, body, code) => {
    const outcome = replayBody(client, target, body);
    expect("error" in outcome && outcome.error.code).toBe(code);
  });
});
