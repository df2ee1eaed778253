import { describe, expect, it } from "vitest";
import type { Transport } from "../src/core/contract/transport.js";
import { AiLibError } from "../src/core/errors/error.js";
import { isTooDeep, MAX_DEPTH } from "../src/core/values/json.js";
import { LIMITS } from "../src/core/values/limits.js";
import { tokenCount, validUsage } from "../src/core/values/usage.js";
import {
  AiClient,
  circuitBreaker,
  concurrencyLimit,
  defineChatProvider,
  defineProvider,
  rateLimit,
  retry,
  systemClock,
} from "../src/index.js";
import { dialectClient } from "../src/providers/endpoint/dialects.js";
import { serverHalves } from "../src/serve/halves.js";
import { frameWriter } from "../src/wire/frame-writer.js";
import { errorOf, request } from "./support/calls.js";
import { framesFor, responseOf } from "./support/halves.js";
import { memoryTransport } from "./support/memory-transport.js";

/* What holds for every dialect, whatever a provider, a client or a caller sends. */

const halves = await serverHalves();
const subjects = halves.map((half) => [half.id, half] as const);
const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
const nest = (levels: number): unknown => JSON.parse(nested(levels));
const answer = responseOf([{ type: "text", text: "a" }], {
  finishReason: "stop",
  usage: { inputTokens: 12, outputTokens: 34 },
});

/** A provider of a dialect whose transport answers with a body. */
function answering(
  dialect: (typeof halves)[number]["id"],
  body: string | Uint8Array,
  type = "application/json",
) {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const transport = memoryTransport({ status: 200, headers: { "content-type": type }, body: bytes });
  return at(dialect, transport);
}

function at(dialect: (typeof halves)[number]["id"], transport: Transport) {
  const data = { id: "labs", dialect, baseUrl: "http://labs.test", model: "m", keyOptional: true } as const;
  return defineProvider(data, { transport });
}

/** The bytes of a stream of a server half, with its frames changed. */
function streamOf(half: (typeof halves)[number], change: (data: string) => string): Uint8Array {
  const writer = frameWriter(half.framing);
  const frames = framesFor(half, answer).map((frame) =>
    Buffer.from(writer.frame({ ...frame, data: change(frame.data) })),
  );
  return Buffer.concat([...frames, Buffer.from(writer.end())]);
}

describe("depth", () => {
  it("is counted up to the limit, also of what holds itself", () => {
    expect([isTooDeep(nest(MAX_DEPTH)), isTooDeep(nest(MAX_DEPTH + 1))]).toEqual([false, true]);
    const cycle: Record<string, unknown> = {};
    cycle["self"] = { a: [cycle] };
    expect(isTooDeep(cycle)).toBe(true);
  });

  it.each(subjects)("%s: beyond the limit a request is INVALID_REQUEST", async (id, half) => {
    const client = await dialectClient(id);
    const { http } = client.encode(request, "unary", { provider: "labs", model: "m", quirks: {}, now: 0 });
    for (const levels of [MAX_DEPTH + 1, 20_000]) {
      const body = (http.body ?? "").replace("{", `{"deep":${nested(levels)},`);
      expect(() => half.decode({ ...http, body })).toThrow(
        expect.objectContaining({ code: "INVALID_REQUEST" }),
      );
    }
  });

  it.each(subjects)(
    "%s: beyond the limit a reply and a frame are INVALID_RESPONSE or skipped",
    async (id, half) => {
      const whole = half.encode(answer, { id: "i", created: 0 }).body;
      for (const levels of [MAX_DEPTH + 1, 20_000]) {
        const deep = (data: string) => data.replace("{", `{"deep":${nested(levels)},`);
        expect(await errorOf(answering(id, deep(whole)).chat(request))).toMatchObject({
          code: "INVALID_RESPONSE",
        });
        const bytes = streamOf(half, deep);
        const error = await errorOf(
          answering(id, bytes, frameWriter(half.framing).contentType).stream(request).response(),
        );
        expect(["INVALID_RESPONSE", "STREAM_TRUNCATED"]).toContain(error.code);
      }
    },
  );

  it.each(subjects)(
    "%s: what a caller nests too deeply, or in itself, is INVALID_REQUEST and opens no circuit",
    async (id) => {
      const cycle: Record<string, unknown> = {};
      cycle["self"] = cycle;
      const breaker = circuitBreaker(answering(id, "{}"));
      const schema = { type: "object", properties: { a: nest(300) } };
      const call = (args: unknown) => ({ type: "tool-call", id: "a", name: "f", arguments: args });
      const requests = [
        { ...request, tools: [{ type: "function", name: "f", parameters: schema }] },
        { ...request, responseFormat: { type: "json-schema", schema } },
        ...[{ a: nest(300) }, cycle, { a: 1n }].map((args) => ({
          messages: [...request.messages, { role: "assistant", content: [call(args)] }],
        })),
        { ...request, extensions: { [id]: cycle } },
        { ...request, extensions: { [id]: { a: 1n } } },
        { ...request, model: "\ud800" },
        {
          get messages() {
            throw new RangeError("the caller's own");
          },
        },
      ];
      for (const wrong of [...requests, ...requests])
        expect(await errorOf(breaker.chat(wrong as never))).toMatchObject({
          code: "INVALID_REQUEST",
          local: true,
        });
      expect(breaker.state(systemClock.now())).toBe("closed");
    },
  );
});

describe("numbers from the wire", () => {
  const WRONG = ["-1", "-1e300", "1e300", "1e400", "0.5", '"many"', "null", "[]", "{}", "9007199254740993"];

  it.each(subjects)("%s: usage is whole numbers within the limit, whatever is reported", async (id, half) => {
    const whole = half.encode(answer, { id: "i", created: 0 }).body;
    for (const wrong of WRONG) {
      const spoil = (data: string) => data.replace(/(?<=:\s*)(12|34|46)(?=[,}\s])/g, wrong);
      const provider = answering(id, spoil(whole));
      const limited = rateLimit(provider, { tokensPerMinute: 1_000 });
      const streamed = answering(id, streamOf(half, spoil), frameWriter(half.framing).contentType);
      for (const response of [await limited.chat(request), await streamed.stream(request).response()]) {
        const { inputTokens, outputTokens } = response.usage;
        expect([wrong, tokenCount(inputTokens), tokenCount(outputTokens)]).toEqual([
          wrong,
          inputTokens,
          outputTokens,
        ]);
      }
      expect(limited.taken(systemClock.now()).tokens).toBeGreaterThanOrEqual(0);
      expect(limited.taken(systemClock.now()).tokens).toBeLessThanOrEqual(LIMITS.tokens);
    }
  });

  it("are repaired in the usage of a provider of the user", () => {
    const usage = {
      inputTokens: Number.NaN,
      outputTokens: 2.5,
      cachedInputTokens: -1,
      reasoningTokens: 9,
      passes: 5,
    };
    expect(validUsage(usage as never)).toEqual({ inputTokens: 0, outputTokens: 3, reasoningTokens: 3 });
    for (const none of [undefined, null, 5, "text", []])
      expect(validUsage(none as never)).toEqual({ inputTokens: 0, outputTokens: 0 });
    const right = { inputTokens: 3, outputTokens: 2, cachedInputTokens: 3 };
    expect(validUsage(right)).toBe(right);
  });
});

describe("a request", () => {
  it.each(subjects)("%s: is sent as it was when the call began, at every attempt", async (id) => {
    const bodies: string[] = [];
    const transport: Transport = {
      open(sent, sink) {
        bodies.push(String(sent.body));
        queueMicrotask(() => {
          sink.head(500, {});
          sink.end();
        });
        return { pause() {}, resume() {}, abort: () => undefined };
      },
    };
    const asked = structuredClone({
      messages: [{ role: "user", content: [{ type: "text", text: "before" }] }],
      extensions: { [id]: { own: { value: "before" } } },
    });
    const provider = retry(at(id, transport), { baseMs: 1 });
    const calls = [provider.chat(asked as never), provider.stream(asked as never).response()];
    asked.messages.push({ role: "assistant", content: [{ type: "text", text: "after" }] });
    for (const message of asked.messages) for (const part of message.content) part.text = "after";
    for (const own of Object.values(asked.extensions)) own.own.value = "after";
    await Promise.allSettled(calls);
    expect(bodies.length).toBeGreaterThan(2);
    for (const body of bodies)
      expect([body.includes("before"), body.includes("after")]).toEqual([true, false]);
  });

  it("of a batch, of an object and of tools is what it was, too", async () => {
    const seen: string[] = [];
    const own = defineChatProvider({
      name: "own",
      chat: (given) => {
        seen.push(JSON.stringify(given.messages));
        return "{}";
      },
    });
    const client = new AiClient(own);
    const make = () => ({ messages: [{ role: "user" as const, content: "before" }] });
    const inputs = Array.from({ length: 20 }, make);
    const [object, tools] = [make(), make()];
    const calls = [
      client.batch(inputs, { concurrency: 1 }),
      client.object({ type: "object" }, object),
      client.runTools(tools, []),
    ];
    for (const input of [...inputs, object, tools])
      (input.messages[0] as { content: string }).content = "after";
    await Promise.all(calls);
    expect(seen).toHaveLength(22);
    expect(seen.filter((text) => text.includes("after"))).toEqual([]);
  });
});

describe("a short-lived token", () => {
  it.each(subjects)("%s: that is refused is dropped, and its source is asked once more", async (id, half) => {
    const good = half.encode(answer, { id: "i", created: 0 });
    let asked = 0;
    const seen: string[] = [];
    const transport: Transport = {
      open(sent, sink) {
        const token = JSON.stringify(sent.headers) + sent.url;
        seen.push(/token-\d+/.exec(token)?.[0] ?? "none");
        const ok = !token.includes("token-1") && !token.includes("token-3");
        queueMicrotask(() => {
          sink.head(ok ? 200 : 401, { "content-type": "application/json" });
          sink.data(new TextEncoder().encode(ok ? good.body : "{}"));
          sink.end();
        });
        return { pause() {}, resume() {}, abort: () => undefined };
      },
    };
    const data = {
      id: "labs",
      dialect: id,
      baseUrl: "http://labs.test",
      model: "m",
      auth: { style: "bearer" },
    } as const;
    const apiKey = () => ({ token: `token-${++asked}`, expiresAt: Date.now() + 3_600_000 });
    const provider = defineProvider(data, { transport, apiKey });
    expect((await provider.chat(request)).text).toBe("a");
    expect((await provider.chat(request)).text).toBe("a");
    expect(seen).toEqual(["token-1", "token-2", "token-2"]);
    // One that is always refused ends the call after one more try.
    const stubborn = defineProvider(data, { transport, apiKey: () => ({ ...apiKey(), token: "token-3" }) });
    expect(await errorOf(stubborn.chat(request))).toMatchObject({ code: "AUTH_FAILED" });
    expect(seen.filter((token) => token === "token-3").length).toBeLessThanOrEqual(2);
  });
});

describe("a concurrency limit", () => {
  it("holds for generators that continue after their call was aborted", async () => {
    let running = 0;
    let most = 0;
    const leaf = defineChatProvider({
      name: "own",
      async *stream() {
        most = Math.max(most, ++running);
        try {
          yield "a";
          // It ignores its signal.
          await new Promise((resolve) => setTimeout(resolve, 5));
        } finally {
          running--;
        }
      },
    });
    const limited = concurrencyLimit(leaf, { limit: 3 });
    const calls = Array.from({ length: 30 }, async (_, i) => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), i % 4);
      await limited.stream(request, { signal: abort.signal }).response();
    });
    await Promise.allSettled(calls);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([most, running, limited.running, limited.waiting]).toEqual([3, 0, 0, 0]);
  });
});

describe("bounds", () => {
  it("end a stream of the user's own that grows without end, whatever it sends", async () => {
    const MB = "x".repeat(1 << 20);
    const kinds = {
      text: (i: number) => ({ type: "text-delta", index: 0, text: MB + i }),
      parts: (i: number) => ({ type: "part", index: i, part: { type: "text", text: MB } }),
      transcripts: () => ({ type: "media-delta", index: 1, transcript: MB }),
      logprobs: () => ({ type: "text-delta", index: 0, text: "a", logprobs: [{ token: MB, logprob: 0 }] }),
      state: (i: number) => ({
        type: "part-end",
        index: 0,
        origin: { provider: "p", family: "f", data: { a: MB + i } },
      }),
    };
    for (const [name, event] of Object.entries(kinds)) {
      let sent = 0;
      const endless = defineChatProvider({
        name: "endless",
        async *stream() {
          yield { type: "part-start", index: 0, part: { type: "text" } } as never;
          yield { type: "part-start", index: 1, part: { type: "audio" } } as never;
          for (; sent < 300; sent++) yield event(sent + 2) as never;
        },
      });
      const error = await errorOf(endless.stream(request).response());
      expect([name, error.code]).toEqual([name, "INVALID_RESPONSE"]);
      expect(sent).toBeLessThan(70);
    }
  });

  it.each(subjects)("%s: end a stream that sends no content", async (id, half) => {
    const writer = frameWriter(half.framing);
    const filler = Buffer.from(
      writer.frame({
        event: "unknown",
        data: JSON.stringify({ type: "unknown", filler: "x".repeat(1 << 20) }),
      }),
    );
    let sent = 0;
    const transport: Transport = {
      open(_request, sink) {
        let stopped = false;
        queueMicrotask(() => {
          sink.head(200, { "content-type": writer.contentType });
          for (; sent < 100 && !stopped; sent++) sink.data(filler);
          sink.end();
        });
        return {
          pause() {},
          resume() {},
          abort: () => {
            stopped = true;
            return undefined;
          },
        };
      },
    };
    const error = await errorOf(at(id, transport).stream(request).response());
    expect(AiLibError.is(error)).toBe(true);
    expect(error.code).toBe("INVALID_RESPONSE");
    expect(sent).toBeLessThanOrEqual(LIMITS.heldCharacters / (1 << 20) + 2);
  });

  it("are few warnings, and the last one says that there were more", async () => {
    const noisy = defineChatProvider({
      name: "noisy",
      async *stream() {
        for (let i = 0; i < 5_000; i++)
          yield { type: "warning", warning: { code: "other", message: `w${i}` } } as never;
        yield "a";
      },
    });
    const { warnings } = await noisy.stream(request).response();
    expect(warnings).toHaveLength(LIMITS.warnings + 1);
    expect(warnings.at(-1)?.message).toContain(String(LIMITS.warnings));
  });
});
