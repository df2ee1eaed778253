import { describe, expect, it } from "vitest";
import { recordings } from "../../test/support/recordings.js";
import type { RateLimits } from "../core/values/answer.js";
import { rateLimits } from "./rate-limits.js";

const NOW = Date.parse("2026-01-30T12:00:00Z");

describe("rateLimits", () => {
  it.each<[string, Record<string, string>, RateLimits | undefined]>([
    ["nothing", { date: "x", "x-request-id": "ratelimit" }, undefined],
    [
      "durations (OpenAI, Groq)",
      {
        "x-ratelimit-limit-requests": "14400",
        "x-ratelimit-remaining-requests": "14370",
        "x-ratelimit-reset-requests": "2m59.56s",
        "x-ratelimit-limit-tokens": "18000",
        "x-ratelimit-remaining-tokens": "17997",
        "x-ratelimit-reset-tokens": "120ms",
      },
      {
        requests: { limit: 14400, remaining: 14370, resetAt: NOW + 179_560 },
        tokens: { limit: 18000, remaining: 17997, resetAt: NOW + 120 },
      },
    ],
    [
      "the tightest of Anthropic's token limits, which it sums up itself",
      {
        "anthropic-ratelimit-requests-limit": "4000",
        "anthropic-ratelimit-requests-remaining": "3999",
        "anthropic-ratelimit-requests-reset": "2026-01-30T12:00:10Z",
        "anthropic-ratelimit-input-tokens-limit": "10",
        "anthropic-ratelimit-input-tokens-remaining": "1",
        "anthropic-ratelimit-tokens-limit": "100",
        "anthropic-ratelimit-tokens-remaining": "50",
        "anthropic-ratelimit-tokens-reset": "2026-01-30T12:00:20Z",
      },
      {
        requests: { limit: 4000, remaining: 3999, resetAt: NOW + 10_000 },
        tokens: { limit: 100, remaining: 50, resetAt: NOW + 20_000 },
      },
    ],
    [
      "windows in the name (Mistral, Cerebras), the one that is nearest to its end",
      {
        "x-ratelimit-limit-tokens-minute": "1000",
        "x-ratelimit-remaining-tokens-minute": "900",
        "x-ratelimit-reset-tokens-minute": "13.5",
        "x-ratelimit-limit-tokens-day": "100000",
        "x-ratelimit-remaining-tokens-day": "10",
        "x-ratelimit-reset-tokens-day": "3503.25",
        "x-ratelimit-limit-req-minute": "360",
        "x-ratelimit-remaining-req-minute": "358",
        "x-ratelimit-limit-audio-seconds-minute": "7200",
      },
      {
        requests: { limit: 360, remaining: 358 },
        tokens: { limit: 100_000, remaining: 10, resetAt: NOW + 3_503_250 },
      },
    ],
    [
      "plain headers with an epoch in milliseconds (OpenRouter)",
      { "x-ratelimit-limit": "16", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1759845420000" },
      { requests: { limit: 16, remaining: 0, resetAt: 1_759_845_420_000 } },
    ],
    [
      "the standard's names, without a limit (Replicate)",
      { "ratelimit-remaining": "599", "ratelimit-reset": "1" },
      { requests: { remaining: 599, resetAt: NOW + 1000 } },
    ],
    [
      "a reset in milliseconds where seconds would pass the window's end (Azure)",
      {
        "x-ratelimit-limit-requests": "120",
        "x-ratelimit-reset-requests": "500",
        "x-ratelimit-renewalperiod-requests": "60",
      },
      { requests: { limit: 120, resetAt: NOW + 500 } },
    ],
    [
      "no counts below zero (Azure)",
      {
        "x-ratelimit-limit-tokens": "-1",
        "x-ratelimit-remaining-tokens": "-1",
        "x-ratelimit-reset-tokens": "0",
      },
      { tokens: { resetAt: NOW } },
    ],
    ["other words around it", { "x-ratelimit": "false", "x-ratelimit-over-limit": "no" }, undefined],
    ["kinds that are neither", { "x-ratelimit-limit-input-images": "50000" }, undefined],
    [
      "values that are no numbers",
      { "x-ratelimit-limit-tokens": "many", "x-ratelimit-reset-tokens": "?" },
      undefined,
    ],
  ])("tells %s", (_name, headers, expected) => {
    expect(rateLimits(headers, { now: () => NOW })).toEqual(expected);
  });
});

describe("recorded replies", () => {
  it("that name a limit of requests or tokens are reported, with a reset near their date", () => {
    let told = 0;
    for (const { id, response } of recordings(() => true)) {
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(response.headers ?? {}))
        headers[name.toLowerCase()] = String(value);
      const named = Object.keys(headers).some((name) =>
        /^(x-|anthropic-)?ratelimit-(.*-)?(limit|remaining)(-(requests|req|tokens)(-minute|-day)?)?$/.test(
          name,
        ),
      );
      if (!named) continue;
      const now = Date.parse(headers["date"] ?? "2026-01-30T12:00:00Z");
      const limits = rateLimits(headers, { now: () => now });
      expect(limits, id).toBeDefined();
      for (const limit of [limits?.requests, limits?.tokens]) {
        if (limit === undefined) continue;
        expect(limit.limit ?? limit.remaining, id).toBeGreaterThanOrEqual(0);
        if (limit.resetAt === undefined || headers["date"] === undefined) continue;
        // A provider's clock and the date header may differ by a little.
        expect(limit.resetAt - now, id).toBeGreaterThan(-60_000);
        expect(limit.resetAt - now, id).toBeLessThanOrEqual(86_400_000);
      }
      told++;
    }
    expect(told).toBeGreaterThan(0);
  });
});
