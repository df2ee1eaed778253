import { describe, expect, it } from "vitest";
import { durationMs, resetTime, retryAfter } from "./retry-time.js";

const NOW = Date.parse("2026-01-30T12:00:00Z");

describe("retryAfter", () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ["whole seconds", { "retry-after": "15" }, 15_000],
    ["a fraction of seconds", { "retry-after": "0.25" }, 250],
    ["no wait at all", { "retry-after": "0" }, 0],
    ["an HTTP date", { "retry-after": "Fri, 30 Jan 2026 12:00:30 GMT" }, 30_000],
    ["an old HTTP date form", { "retry-after": "Friday, 30-Jan-26 12:00:30 GMT" }, 30_000],
    ["retry-after-ms", { "retry-after-ms": "1500" }, 1500],
    ["x-ms-retry-after-ms", { "x-ms-retry-after-ms": "700" }, 700],
    ["the later of two", { "retry-after-ms": "0", "retry-after": "1" }, 1000],
    ["a day", { "retry-after": "86400" }, 86_400_000],
    [
      "a date seen by a server whose clock is an hour off",
      { "retry-after": "Fri, 30 Jan 2026 11:00:20 GMT", date: "Fri, 30 Jan 2026 11:00:00 GMT" },
      20_000,
    ],
    ["a negative wait", { "retry-after": "-5" }, undefined],
    ["an absurd wait", { "retry-after": "99999999999" }, undefined],
    ["an absurd date", { "retry-after": "Fri, 30 Jan 2036 12:00:30 GMT" }, undefined],
    ["a date that has just passed", { "retry-after": "Fri, 30 Jan 2026 11:59:30 GMT" }, 0],
    ["a date long past", { "retry-after": "Fri, 30 Jan 2026 10:59:30 GMT" }, undefined],
    ["words", { "retry-after": "soon" }, undefined],
    ["an empty value", { "retry-after": "" }, undefined],
    ["several values in one header", { "retry-after": "1, 2" }, undefined],
    ["a hexadecimal number", { "retry-after": "0x10" }, undefined],
    ["no header", {}, undefined],
  ])("reads %s", (_name, headers, wait) => {
    expect(retryAfter(headers, NOW)).toBe(wait === undefined ? undefined : NOW + wait);
  });
});

describe("resetTime", () => {
  it.each<[string, number | undefined]>([
    ["1s", NOW + 1000],
    ["6m0s", NOW + 360_000],
    ["1h2m", NOW + 3_720_000],
    ["1d", NOW + 86_400_000],
    ["2.571999999s", NOW + 2571.999999],
    ["0", NOW],
    ["60", NOW + 60_000],
    ["1759845420", 1_759_845_420_000],
    ["2026-01-30T12:00:01.5Z", NOW + 1500],
    ["Fri, 30 Jan 2026 12:00:30 GMT", NOW + 30_000],
    ["1x", undefined],
    ["", undefined],
    ["-3s", undefined],
  ])("reads %j", (value, expected) => {
    expect(resetTime(value, NOW)).toBe(expected);
  });
});

describe("durationMs", () => {
  it.each<[string, number]>([
    ["34s", 34_000],
    ["1.5s", 1_500],
    ["6m0s", 360_000],
    ["120ms", 120],
    ["1 hour and 20 minutes", 4_800_000],
    ["2 Days", 172_800_000],
    ["250 milliseconds", 250],
    ["soon", 0],
    ["", 0],
  ])("reads %j", (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });
});
