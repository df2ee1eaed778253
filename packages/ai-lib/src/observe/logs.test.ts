import { afterEach, describe, expect, it, vi } from "vitest";
import { redactor } from "../core/values/redact.js";
import { defineChatProvider } from "../providers/own/adapter.js";
import { failover } from "../strategies/index.js";
import { scripted } from "../testing/index.js";
import { type Logger, type LogOptions, logObserver } from "./logs.js";

const SECRET = "sk-live-0123456789abcdefABCDEF";
const request = { messages: [{ role: "user", content: `The prompt, and a key ${SECRET}` }] } as const;

/** What a `console` is told. */
function told(options: LogOptions = {}) {
  const lines: [level: string, line: string][] = [];
  const at = (level: string) => (line: unknown) => lines.push([level, String(line)]);
  const logger: Logger = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  return { lines, observer: logObserver({ logger, ...options }) };
}

const busy = () =>
  scripted({
    name: "busy",
    target: { provider: "busy", model: "m", key: "team" },
    replies: [
      { error: { code: "RATE_LIMIT", status: 429, message: "You said: The prompt", body: "The prompt" } },
    ],
  });
const good = () =>
  scripted({
    name: "good",
    target: { provider: "good", model: "m" },
    replies: [{ text: "The answer", usage: { inputTokens: 7, outputTokens: 2 } }],
  });

afterEach(() => {
  vi.restoreAllMocks();
});

describe("log lines", () => {
  it("escape control characters of a provider, so that a name cannot forge a line", async () => {
    const { lines, observer } = told({ format: "readable" });
    const model = "m\nERROR forged\u001b]0;title\u0007";
    const provider = scripted({
      name: "labs",
      target: { provider: "labs", model },
      replies: [{ text: "a" }],
    });
    await provider.chat(request, { observer });
    expect(lines.length).toBeGreaterThan(0);
    for (const [, line] of lines) expect(line).not.toMatch(/\p{Cc}/u);
    expect(lines.map(([, line]) => line).join()).toContain("m\\u000aERROR forged\\u001b]0;title\\u0007");
  });

  it("tell as JSON what a call came to, with code and severity in one word", async () => {
    const { lines, observer } = told();
    await failover([busy(), good()]).chat(request, { observer });
    const records = lines.map(([, line]) => JSON.parse(line));
    expect(records.map(({ event }) => event)).toEqual(["attempt-end", "failover", "request-end"]);
    expect(records[0]).toMatchObject({
      level: "warn",
      provider: "busy",
      model: "m",
      key: "team",
      outcome: "error",
      code: "TRANSIENT_RATE_LIMIT",
      status: 429,
    });
    expect(records[1]).toMatchObject({
      level: "warn",
      from: "busy",
      to: "good",
      code: "TRANSIENT_RATE_LIMIT",
    });
    expect(records[2]).toMatchObject({
      level: "info",
      provider: "good",
      inputTokens: 7,
      outputTokens: 2,
      usageStatus: "final",
      attempts: 2,
      finishReason: "stop",
    });
    for (const one of records) expect(Date.parse(one.time)).not.toBeNaN();
  });

  it.each([
    ["RATE_LIMIT", "warn"],
    ["PROVIDER_ERROR", "error"],
    ["INVALID_REQUEST", "warn"],
    ["AUTH_FAILED", "error"],
    ["CANCELLED", "info"],
  ] as const)("of %s have the level %s", async (code, level) => {
    const { lines, observer } = told();
    const one = scripted({ name: "one", replies: [{ error: { code, message: "no" } }] });
    await expect(one.chat(request, { observer })).rejects.toThrow();
    expect(lines.map(([at]) => at)).toEqual([level, level]);
  });

  it("hold no content, and no words of a provider, unless they are asked for", async () => {
    const { lines, observer } = told({ level: "debug" });
    await failover([busy(), good()]).chat(request, { observer });
    expect(lines.length).toBeGreaterThan(5);
    expect(JSON.stringify(lines)).not.toMatch(/prompt|answer"|The answer|sk-live/);
  });

  it("hold content if requested, with credentials and what rules name taken out", async () => {
    const { lines, observer } = told({
      content: true,
      errorMessages: true,
      redact: [/answer/],
    });
    await failover([busy(), good()]).chat(request, { observer });
    const text = JSON.stringify(lines);
    expect(text).toContain("The prompt, and a key [redacted]");
    expect(text).toContain("You said: The prompt");
    expect(text).toContain("The [redacted]");
    expect(text).not.toContain(SECRET);
  });

  it("tell our own words on an error that no provider sent", async () => {
    const { lines, observer } = told();
    const one = scripted({
      name: "one",
      replies: [{ error: { code: "NETWORK_ERROR", message: "connect ECONNREFUSED" } }],
    });
    await expect(one.chat(request, { observer })).rejects.toThrow();
    expect(JSON.parse(lines[0]?.[1] ?? "")).toMatchObject({ reason: "connect ECONNREFUSED" });
  });

  it("are readable if requested", async () => {
    const { lines, observer } = told({ format: "readable" });
    await failover([busy(), good()]).chat(request, { observer });
    expect(lines.map(([, line]) => line.replace(/[\d.]+ ms/, "N ms").slice(14))).toEqual([
      expect.stringMatching(
        /^WARN {3}\w{8} {2}attempt at busy\/m \(key team\) failed: TRANSIENT_RATE_LIMIT \(429\)$/,
      ),
      expect.stringMatching(
        /^WARN {3}\w{8} {2}failover\[.*\] moves from busy to good: TRANSIENT_RATE_LIMIT$/,
      ),
      expect.stringMatching(
        /^INFO {3}\w{8} {2}good\/m answered after N ms {2}attempts=2 {2}inputTokens=7 {2}outputTokens=2$/,
      ),
    ]);
  });

  it("go to pino as fields and a message", async () => {
    const lines: unknown[][] = [];
    const at = (...line: unknown[]) => void lines.push(line);
    const pino = { debug: at, info: at, warn: at, error: at, child: () => pino };
    await good().chat(request, { observer: logObserver({ logger: pino }) });
    expect(lines).toEqual([
      [
        expect.objectContaining({ event: "request-end", provider: "good", outputTokens: 2 }),
        expect.stringMatching(/^ai-lib: good\/m answered after/),
      ],
    ]);
  });

  it("go to standard error if no logger is given", async () => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await good().chat(request, { observer: logObserver({ format: "json" }) });
    expect(write).toHaveBeenCalledTimes(1);
    expect(JSON.parse(String(write.mock.calls[0]?.[0]))).toMatchObject({ event: "request-end" });
  });

  it("are refused options that do not exist", () => {
    expect(() => logObserver({ colour: true } as object)).toThrow(/Unknown option/);
    expect(() => logObserver({ level: "loud" } as object)).toThrow(/level/);
    expect(() => logObserver({ format: "xml" } as object)).toThrow(/format/);
  });
});

describe("redaction", () => {
  const redact = redactor();
  it.each([
    "sk-proj-abcdefghijklmnop",
    "gsk_0123456789abcdefghij",
    "AIzaSyA0123456789abcdefghijklmnopqrstu",
    "AKIAIOSFODNN7EXAMPLE",
    "Bearer abcdefghijklmnop",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc",
  ])("takes %s out", (secret) => {
    expect(redact(`before ${secret} after`)).toBe("before [redacted] after");
  });

  it("does not change prose, and applies a rule everywhere, also by a function", () => {
    const prose = "A task-force of risk-takers asks for basic help with the bearer of news.";
    expect(redact(prose)).toBe(prose);
    expect(redactor([/\d+/])("1 and 22")).toBe("[redacted] and [redacted]");
    expect(redactor([(text) => text.toUpperCase()])("loud")).toBe("LOUD");
  });
});

describe("names and messages from a provider drive no terminal", () => {
  const controls = [
    0x00, 0x07, 0x08, 0x0a, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0x9d, 0x200f, 0x2028, 0x202e, 0x2066,
  ];
  const evil = `m${controls.map((code) => String.fromCharCode(code)).join("x")}forged`;
  it.each(["json", "readable"] as const)("in %s lines", async (format) => {
    const lines: string[] = [];
    const keep = (line: unknown) => lines.push(String(line));
    const logger = { debug: keep, info: keep, warn: keep, error: keep };
    const observer = logObserver({ format, logger, level: "debug", content: true, errorMessages: true });
    const provider = defineChatProvider({
      name: evil,
      model: evil,
      chat: () => ({ text: evil, model: evil, id: evil }),
    });
    await provider.chat({ messages: [{ role: "user", content: evil }] }, { observer });
    const failing = defineChatProvider({
      name: evil,
      chat: () => {
        throw new Error(evil);
      },
    });
    await failing.chat({ messages: [{ role: "user", content: evil }] }, { observer }).catch(() => {});
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) {
      expect(line).not.toMatch(/[\p{Cc}\u200f\u2028\u202e\u2066]/u);
      if (format === "json") expect(JSON.parse(line)).toMatchObject({ event: expect.any(String) });
    }
    if (format === "json")
      expect(
        lines.some((line) => JSON.stringify(JSON.parse(line)).includes(JSON.stringify(evil).slice(1, -1))),
      ).toBe(true);
  });
});
