import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { memoryTransport } from "../../../test/support/memory-transport.js";
import type { Transport, TransportRequest } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { provider } from "../../index.js";
import { VirtualClock } from "../virtual-clock.js";
import { type RecordedOptions, recorded } from "./recorded.js";
import type { Recording } from "./recording.js";

const KEY = "sk-test-1234567890abcdefghij";
const text = (value: string) => new TextEncoder().encode(value);
const chunk = (content: string, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
const STREAM = `${chunk("Grüß ")}${chunk("Gott", "stop")}data: [DONE]\n\n`;
const HEADERS = {
  "content-type": "text/event-stream",
  date: "now",
  "set-cookie": "a=b",
  "x-request-id": "r1",
  "x-left": "9",
};
const whole = (content: string) =>
  JSON.stringify({
    id: "c1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ai-lib-recorded-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Plays the replies in order, and counts. */
function upstream(...replies: Transport[]): Transport & { sent: TransportRequest[] } {
  const sent: TransportRequest[] = [];
  return {
    sent,
    open(request, sink) {
      sent.push(request);
      return (replies[Math.min(sent.length, replies.length) - 1] as Transport).open(request, sink);
    },
  };
}

const ok = (body: string, headers: Record<string, string> = HEADERS, segment = 7) =>
  memoryTransport({ status: 200, headers, body: text(body), segment });
const refused = (status: number, body: string) =>
  memoryTransport({ status, headers: { "content-type": "application/json" }, body: text(body) });

function openai(transport: Transport, apiKey = KEY) {
  return provider("openai", { apiKey, transport, model: "m" });
}
const asking = (words: string) => ({ messages: [{ role: "user" as const, content: words }] });

function files(): Recording[] {
  return readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
}

async function read(transport: Transport, words = "Hi", clock?: VirtualClock): Promise<string> {
  const stream = openai(transport).stream(asking(words), clock === undefined ? {} : { clock });
  let all = "";
  for await (const piece of stream.text) all += piece;
  return all;
}

describe("recorded", () => {
  it("records a stream in frames, and plays it byte for byte without the network", async () => {
    const up = upstream(ok(STREAM));
    expect(await read(recorded(folder, { transport: up }))).toBe("Grüß Gott");
    const [recording] = files();
    expect(recording?.replies[0]?.frames?.map(([, data]) => data).join("")).toBe(STREAM);
    expect(recording?.replies[0]?.frames).toHaveLength(3);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^api\.openai\.com-m-[0-9a-f]{12}\.json$/)]);

    const none = upstream(refused(500, "{}"));
    for (const mode of ["auto", "replay"] as const)
      expect(await read(recorded(folder, { transport: none, mode }))).toBe("Grüß Gott");
    expect(none.sent).toHaveLength(0);
    expect(up.sent).toHaveLength(1);
  });

  it("has no key, no header of the request and no volatile header in the file", async () => {
    const echo = `${chunk(`your key is ${KEY}`, "stop")}data: [DONE]\n\n`;
    await read(recorded(folder, { transport: upstream(ok(echo)), keepHeaders: ["X-Left"] }));
    const written = readFileSync(join(folder, readdirSync(folder)[0] ?? ""), "utf8");
    expect(written).not.toContain(KEY);
    expect(files()[0]?.replies[0]?.headers).toEqual({ "content-type": "text/event-stream", "x-left": "9" });
  });

  it("writes one frame a line, and JSON as JSON", async () => {
    await read(recorded(folder, { transport: upstream(ok(STREAM)) }));
    const transport = recorded(folder, { transport: upstream(ok(whole("Yes"), {})) });
    await openai(transport).chat(asking("Is it?"));
    const [streamed, unary] = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .sort((a, b) => Number(a.includes('"json"')) - Number(b.includes('"json"')));
    expect(streamed).toMatch(/\n {8}\[\d+,"data: \{.*\}\\n\\n"\],?\n/);
    expect(unary).toContain('"content": "Yes"');
    expect((await openai(recorded(folder, { mode: "replay" })).chat(asking("Is it?"))).text).toBe("Yes");
  });

  it("does not care for keys, headers and the order of fields", async () => {
    await read(recorded(folder, { transport: upstream(ok(STREAM)) }));
    const replaying = recorded(folder, { mode: "replay" });
    const other = openai(replaying, "sk-another-0987654321zyxwvutsrqp");
    const stream = other.stream(asking("Hi"), { headers: { "x-trace": String(Math.random()) } });
    expect((await stream.response()).text).toBe("Grüß Gott");
  });

  it("fails for a request that was not recorded, and names where the nearest one differs", async () => {
    await read(recorded(folder, { transport: upstream(ok(STREAM)) }));
    const error = await read(recorded(folder, { mode: "replay" }), "Bye").catch((one) => one);
    expect(error).toMatchObject({ code: "CONFIG_ERROR" });
    expect(error.message).toContain("POST api.openai.com/v1/chat/completions");
    expect(error.message).toMatch(/nearest one, .*\.json, differs at request\.messages\[0\]\.content/);
  });

  it("plays the replies of a repeated request in order", async () => {
    const up = upstream(refused(500, '{"error":{"message":"down"}}'), ok(whole("Up"), {}));
    const ask = (transport: Transport) =>
      openai(transport)
        .chat(asking("Hi"))
        .then(
          ({ text }) => text,
          ({ code }) => code as string,
        );
    const recording = recorded(folder, { transport: up });
    expect([await ask(recording), await ask(recording)]).toEqual(["PROVIDER_ERROR", "Up"]);
    const replaying = recorded(folder, { mode: "replay" });
    const played = [await ask(replaying), await ask(replaying), await ask(replaying)];
    expect(played).toEqual(["PROVIDER_ERROR", "Up", "Up"]);
    expect(up.sent).toHaveLength(2);
  });

  it("replaces what it finds in mode record", async () => {
    for (const [words, mode] of [
      ["One", "auto"],
      ["Two", "record"],
      ["Three", "auto"],
    ] as const) {
      const transport = recorded(folder, { transport: upstream(ok(whole(words), {})), mode });
      expect((await openai(transport).chat(asking("Hi"))).text).toBe(words === "Three" ? "Two" : words);
    }
  });

  it("records a connection that breaks, with its error", async () => {
    const cut = memoryTransport({ status: 200, headers: HEADERS, body: text(STREAM), cutAt: 40 });
    const outcome = (options: RecordedOptions) =>
      read(recorded(folder, options)).catch((error: AiLibError) => [error.code, error.message]);
    const before = await outcome({ transport: cut });
    expect(before).toEqual(["STREAM_TRUNCATED", expect.any(String)]);
    expect(await outcome({ mode: "replay" })).toEqual(before);
  });

  it("plays the times of the recording if asked to, and stops at an abort", async () => {
    await read(recorded(folder, { transport: upstream(ok(STREAM)) }));
    const [name = ""] = readdirSync(folder);
    const recording = files()[0] as Recording;
    const reply = recording.replies[0];
    const frames = reply?.frames?.map(([, data]) => [1_000, data] as const);
    writeFileSync(join(folder, name), JSON.stringify({ ...recording, replies: [{ ...reply, frames }] }));
    const clock = new VirtualClock();
    const began = clock.now();
    const transport = recorded(folder, { mode: "replay", timing: "recorded" });
    const reading = read(transport, "Hi", clock);
    await clock.advance(5_000);
    expect(await reading).toBe("Grüß Gott");
    expect(clock.now() - began).toBe(5_000);

    const leaving = openai(transport).stream(asking("Hi"), { clock });
    const first = leaving.text[Symbol.asyncIterator]();
    const step = first.next();
    await clock.advance(1_000);
    expect((await step).value).toBe("Grüß ");
    await first.return?.();
    await clock.advance(5_000);
    expect(clock.pending).toBe(0);
  });

  it("records no reply that the caller leaves", async () => {
    let aborted = 0;
    const endless: Transport = {
      open(_request, sink) {
        queueMicrotask(() => {
          sink.head(200, HEADERS);
          sink.data(text(chunk("Hello")));
        });
        return {
          pause() {},
          resume() {},
          abort() {
            aborted++;
            return undefined;
          },
        };
      },
    };
    const stream = openai(recorded(folder, { transport: endless })).stream(asking("Hi"));
    for await (const event of stream) if (event.type === "text-delta") break;
    expect(aborted).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("matches on what `match` returns", async () => {
    const match: RecordedOptions["match"] = ({ host, path }) => [host, path];
    await read(recorded(folder, { transport: upstream(ok(STREAM)), match }));
    expect(await read(recorded(folder, { mode: "replay", match }), "Something else")).toBe("Grüß Gott");
  });

  it("gives random ids of tool calls no weight", async () => {
    const history = (id: string) => ({
      tools: [{ type: "function" as const, name: "f", parameters: { type: "object" } }],
      messages: [
        { role: "user" as const, content: "Hi" },
        {
          role: "assistant" as const,
          content: [{ type: "tool-call" as const, id, name: "f", arguments: {} }],
        },
        { role: "tool" as const, content: [{ type: "tool-result" as const, id, content: "1" }] },
      ],
    });
    await openai(recorded(folder, { transport: upstream(ok(whole("Yes"), {})) })).chat(history("call_abc"));
    const again = await openai(recorded(folder, { mode: "replay" })).chat(history("call_xyz"));
    expect(again.text).toBe("Yes");
  });

  it("distinguishes requests by fields that the contract has no name for", async () => {
    const asked = (seed: string) => ({ ...asking("Hi"), extensions: { "openai-chat": { odd_field: seed } } });
    const up = upstream(ok(whole("One"), {}), ok(whole("Two"), {}));
    const transport = recorded(folder, { transport: up });
    expect((await openai(transport).chat(asked("a"))).text).toBe("One");
    expect((await openai(transport).chat(asked("b"))).text).toBe("Two");
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it("refuses options that it does not know, and files that are no recordings", async () => {
    expect(() => recorded(folder, { modes: "auto" } as never)).toThrow(/modes/);
    expect(() => recorded(folder, { mode: "live" as never })).toThrow(/"auto", "replay" or "record"/);
    await read(recorded(folder, { transport: upstream(ok(STREAM)) }));
    writeFileSync(join(folder, readdirSync(folder)[0] ?? ""), "{}");
    const error = await read(recorded(folder)).catch((one) => one);
    expect(error).toBeInstanceOf(AiLibError);
    expect(error.code).toBe("FILE_ERROR");
  });
});
