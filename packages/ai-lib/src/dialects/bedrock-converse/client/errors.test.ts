import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { ErrorCode, ErrorScope } from "../../../core/values/error-code.js";
import { client } from "./index.js";

const target: DialectTarget = { provider: "bedrock", model: "m", quirks: {}, now: 0 };

describe("an error reply", () => {
  it.each<[number, string | undefined, string, ErrorCode, ErrorScope?]>([
    [
      403,
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
      "AUTH_FAILED",
    ],
    [403, "ExpiredTokenException:http://internal.amazon.com/coral/", "m", "AUTH_FAILED"],
    [
      403,
      "AccessDeniedException",
      "Authentication failed: Please make sure your API Key is valid.",
      "AUTH_FAILED",
    ],
    [
      403,
      "AccessDeniedException",
      "You don't have access to the model with the specified model ID.",
      "PERMISSION_DENIED",
      "model",
    ],
    [
      403,
      "AccessDeniedException",
      "User is not authorized to perform: bedrock:InvokeModel",
      "PERMISSION_DENIED",
    ],
    [429, "com.amazon.coral#ThrottlingException", "Too many requests, please wait", "RATE_LIMIT"],
    [400, "ServiceQuotaExceededException", "m", "QUOTA_EXHAUSTED"],
    [429, "ModelNotReadyException", "m", "OVERLOADED"],
    [503, "ServiceUnavailableException", "m", "OVERLOADED"],
    [500, "InternalServerException", "m", "PROVIDER_ERROR"],
    [408, "ModelTimeoutException", "m", "PROVIDER_ERROR"],
    [424, "ModelErrorException", "m", "PROVIDER_ERROR"],
    [404, "ResourceNotFoundException", "m", "MODEL_NOT_FOUND"],
    [400, "ValidationException", "The provided model identifier is invalid.", "MODEL_NOT_FOUND"],
    [
      400,
      "ValidationException",
      "Invocation of model ID x with on-demand throughput isn’t supported.",
      "MODEL_NOT_FOUND",
    ],
    [400, "ValidationException", "Input is too long for requested model.", "CONTEXT_TOO_LONG"],
    [
      400,
      "ValidationException",
      "Input Tokens Exceeded: Number of input tokens exceeds maximum length.",
      "CONTEXT_TOO_LONG",
    ],
    [
      400,
      "ValidationException",
      "The maximum tokens you requested exceeds the model limit of 4096.",
      "INVALID_REQUEST",
    ],
    [400, "ValidationException", "This model doesn't support tool use.", "UNSUPPORTED_FEATURE"],
    [400, "ValidationException", "extraneous key [x] is not permitted", "INVALID_REQUEST"],
    // The header is lost on the way at times.
    [400, undefined, "The provided model identifier is invalid.", "MODEL_NOT_FOUND"],
    [403, undefined, "The security token included in the request is invalid.", "AUTH_FAILED"],
    [424, undefined, "m", "PROVIDER_ERROR"],
    [429, undefined, "m", "RATE_LIMIT"],
    [503, undefined, "m", "OVERLOADED"],
  ])("with status %i, %s and %j is %s", (status, type, message, code, scope) => {
    const headers = type === undefined ? {} : { "x-amzn-errortype": type };
    const error = client.error({ status, headers, body: JSON.stringify({ message }) }, target);
    expect(error.code).toBe(code);
    if (scope !== undefined) expect(error.scope).toBe(scope);
    expect(error.status).toBe(status);
  });

  it("takes its type from the body too, and words with a capital", () => {
    const body = JSON.stringify({ __type: "ThrottlingException", Message: "slow down" });
    const error = client.error({ status: 400, headers: { "x-amzn-requestid": "r" }, body }, target);
    expect(error).toMatchObject({ code: "RATE_LIMIT", requestId: "r" });
    expect(error.message).toContain("slow down");
  });
});
