import { describe, expect, it } from "vitest";
import { retryAfter } from "./retry-after.js";

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
