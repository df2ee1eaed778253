import { describe, expect, it } from "vitest";
import { AiLibError } from "../../../core/errors/error.js";
import { REACTIONS } from "../../../core/errors/reactions.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import { client } from "../client/index.js";
import { server } from "./index.js";

const target = { provider: "labs", model: "gpt-x", quirks: {}, now: 1_000_000 };

/** What concerns the server alone is a failure of the provider, or of its capacity, to whoever asked it. */
const OWN_AFFAIRS: Partial<Record<ErrorCode, ErrorCode>> = {
  CIRCUIT_OPEN: "OVERLOADED",
  CONFIG_ERROR: "PROVIDER_ERROR",
  FILE_ERROR: "INVALID_REQUEST",
  CANCELLED: "PROVIDER_ERROR",
};

/** Words that would mean something else if the words decided. */
const MISLEADING = "the maximum context is 5 tokens, your credit balance is low, rate limit, invalid api key";

describe("an error that crosses the wire", () => {
  it.each(Object.keys(REACTIONS) as ErrorCode[])("keeps its code: %s", (code) => {
    const error = new AiLibError({ code, message: MISLEADING });
    expect(client.error(server.error(error), target).code).toBe(OWN_AFFAIRS[code] ?? code);
  });

  it.each(Object.keys(REACTIONS) as ErrorCode[])("keeps its code inside a stream: %s", (code) => {
    const frames: string[] = [];
    const encoder = server.encoder((frame) => frames.push(frame.data), { id: "1", created: 0 });
    encoder.fail(new AiLibError({ code, message: MISLEADING }));
    let got: ErrorCode | undefined;
    const decoder = client.decoder(target, {
      event() {},
      finish() {},
      fail(error) {
        got = error.code;
      },
    });
    for (const data of frames) decoder.frame({ data });
    expect(got).toBe(OWN_AFFAIRS[code] ?? code);
  });

  it("tells when to come back, and which request it was, in the headers that SDKs read", () => {
    const error = new AiLibError({
      code: "RATE_LIMIT",
      message: "slow down",
      retryAt: Date.UTC(2026, 0, 1, 12, 0, 0, 1),
      requestId: "req_1",
    });
    expect(server.error(error)).toMatchObject({
      status: 429,
      headers: { "retry-after": "Thu, 01 Jan 2026 12:00:01 GMT", "x-request-id": "req_1" },
    });
  });
});
