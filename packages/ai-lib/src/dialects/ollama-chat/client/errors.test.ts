import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import { client } from "./index.js";

const target: DialectTarget = { provider: "ollama", model: "qwen3:4b", quirks: {}, now: 5 };

describe("an error", () => {
  it.each([
    [404, { error: "model 'llama3.1:8b' not found" }, "MODEL_NOT_FOUND"],
    [404, { error: 'model "x" not found, try pulling it first' }, "MODEL_NOT_FOUND"],
    [400, { error: "registry.ollama.ai/library/gemma:2b does not support tools" }, "UNSUPPORTED_FEATURE"],
    [400, { error: '"llama3.1:8b" does not support thinking' }, "UNSUPPORTED_FEATURE"],
    [400, { error: "the input length exceeds the context length" }, "CONTEXT_TOO_LONG"],
    [400, { error: "invalid options: foo" }, "INVALID_REQUEST"],
    [401, { error: "unauthorized" }, "AUTH_FAILED"],
    [429, { error: "too many concurrent requests" }, "RATE_LIMIT"],
    [
      429,
      { error: "you (jo) have reached your weekly usage limit, upgrade for higher limits" },
      "QUOTA_EXHAUSTED",
    ],
    [500, { error: "llama runner process has terminated: exit status 2" }, "PROVIDER_ERROR"],
    [
      500,
      { error: "model requires more system memory (9.4 GiB) than is available (3.2 GiB)" },
      "PROVIDER_ERROR",
    ],
    [502, { error: "upstream" }, "PROVIDER_ERROR"],
    [503, { error: "server busy, please try again.  maximum pending requests exceeded" }, "OVERLOADED"],
    [500, { error: { message: "boom" } }, "PROVIDER_ERROR"],
    [500, { error: "x", code: "CANCELLED" }, "PROVIDER_ERROR"],
  ])("%i %j", (status, body, code) => {
    const found = client.error({ status, headers: {}, body: JSON.stringify(body) }, target);
    expect(found).toMatchObject({ code, status });
  });
  it("may not be JSON", () => {
    expect(client.error({ status: 502, headers: {}, body: "<html>" }, target).code).toBe("PROVIDER_ERROR");
  });
});
