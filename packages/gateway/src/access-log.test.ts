import { describe, expect, it } from "vitest";
import { formatAccess } from "./access-log.js";
import type { LedgerRow } from "./admission.js";

const request = {
  at: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  endedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 18),
  method: "POST",
  path: '/v1/"quoted"\n',
  status: 200,
  left: false,
  key: undefined,
  row: undefined,
};

const row: LedgerRow = {
  id: "call_1",
  startedAt: request.at,
  endedAt: request.endedAt,
  firstContentMs: 3.4,
  principal: { id: 'a "key"' },
  session: undefined,
  user: undefined,
  tags: [],
  route: "fast\u2028route",
  kind: "chat",
  mode: "stream",
  dialect: "openai-chat",
  model: `m\t${"x".repeat(400)}`,
  code: undefined,
  end: {
    status: "success",
    usage: { inputTokens: 10, outputTokens: 20 },
    estimated: true,
    attempts: [
      { target: { provider: "one" }, outcome: "skipped", startedAt: 0 },
      { target: { provider: "two", model: "n" }, outcome: "error", startedAt: 0 },
      { target: { provider: "three", model: 'm "1"' }, outcome: "success", startedAt: 0 },
    ],
  },
};

describe("formatAccess", () => {
  it("writes a request without a call as one line of JSON", () => {
    const line = formatAccess({ ...request, status: 0, left: true });
    expect(line.indexOf("\n")).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual({
      time: "2026-01-02T03:04:05.006Z",
      method: "POST",
      path: '/v1/"quoted"\n',
      status: 0,
      ms: 12,
      left: true,
    });
  });

  it("names the key of a request that was refused", () => {
    const line = formatAccess({ ...request, status: 429, key: 'a "key"' });
    expect(JSON.parse(line)).toMatchObject({ status: 429, key: 'a "key"' });
  });

  it("adds the call, whatever characters its names have", () => {
    const line = formatAccess({ ...request, row });
    expect(line.indexOf("\n")).toBe(line.length - 1);
    expect(JSON.parse(line)).toMatchObject({
      call: "call_1",
      key: 'a "key"',
      route: "fast\u2028route",
      dialect: "openai-chat",
      kind: "chat",
      mode: "stream",
      model: `m\t${"x".repeat(254)}`,
      provider: "three",
      target: 'm "1"',
      attempts: 2,
      firstContentMs: 3,
      inputTokens: 10,
      outputTokens: 20,
      estimated: true,
    });
  });

  it("leaves out what a failed call does not have", () => {
    const failed: LedgerRow = {
      ...row,
      model: undefined,
      firstContentMs: undefined,
      code: "TIMEOUT",
      end: { status: "error", usage: undefined, estimated: false, attempts: [] },
    };
    expect(JSON.parse(formatAccess({ ...request, status: 504, row: failed }))).toEqual({
      time: "2026-01-02T03:04:05.006Z",
      method: "POST",
      path: '/v1/"quoted"\n',
      status: 504,
      ms: 12,
      call: "call_1",
      key: 'a "key"',
      route: "fast\u2028route",
      dialect: "openai-chat",
      kind: "chat",
      mode: "stream",
      attempts: 0,
      code: "TIMEOUT",
    });
  });
});
