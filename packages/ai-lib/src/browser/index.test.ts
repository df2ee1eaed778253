import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { describe, expect, it } from "vitest";
import { AiClient } from "../client/ai-client.js";
import type { EventFormat } from "../core/contract/stream.js";
import { resumableStreams } from "../interop/ui/resumable-streams.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { type EventReader, readStream, StreamError } from "./index.js";

const request = { messages: [{ role: "user" as const, content: "Hi" }] };
const speaking = () => scripted({ name: "p", replies: [{ text: ["Grüß ", "Gott"] }] });

async function textOf(reader: EventReader): Promise<string> {
  let all = "";
  for await (const piece of reader.text) all += piece;
  return all;
}

/** The response in pieces of `size` bytes, which breaks after `breakAfter` of them. */
function chopped(response: Response, size: number, breakAfter = Number.POSITIVE_INFINITY): Response {
  const whole = response.arrayBuffer();
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const bytes = new Uint8Array(await whole);
      if (at >= bytes.length) controller.close();
      else if (at >= breakAfter) controller.error(new TypeError("network error"));
      else controller.enqueue(bytes.slice(at, Math.min(at + size, breakAfter)));
      at += size;
    },
  });
  return new Response(body, { headers: response.headers });
}

const failure = async (reader: EventReader) => textOf(reader).catch((error: unknown) => error);

describe("readStream", () => {
  it.each<[EventFormat, number]>([
    ["ndjson", 1],
    ["ndjson", 1_000_000],
    ["sse", 1],
    ["sse", 7],
  ])("reads %s in pieces of %i bytes", async (format, size) => {
    const response = () => chopped(speaking().stream(request).toResponse({ format }), size);
    expect(await textOf(readStream(response()))).toBe("Grüß Gott");
    const types: string[] = [];
    for await (const event of readStream(Promise.resolve(response()))) types.push(event.type);
    expect(types).toEqual(["start", "part-start", "text-delta", "text-delta", "part-end", "finish"]);
  });

  it.each<EventFormat>(["ndjson", "sse"])("throws the error of the server in %s", async (format) => {
    const failing = scripted({
      name: "p",
      replies: [{ text: ["a"], error: { code: "RATE_LIMIT", message: "busy", retryAt: 7 } }],
    });
    const error = await failure(readStream(failing.stream(request).toResponse({ format })));
    expect(error).toBeInstanceOf(StreamError);
    expect(error).toMatchObject({
      code: "RATE_LIMIT",
      message: "The answer failed with RATE_LIMIT",
      retryable: true,
    });
  });

  it("reads a run of tools to its end, beyond the end of an answer", async () => {
    const model = scripted({
      name: "p",
      replies: [
        {
          events: [
            { type: "part-start", index: 0, part: { type: "tool-call", id: "c", name: "f" } },
            { type: "part-end", index: 0 },
          ],
          finishReason: "tool-calls",
        },
        { text: "done" },
      ],
    });
    const run = new AiClient(model).runTools("?", [
      { name: "f", parameters: { type: "object" }, execute: () => 1 },
    ]);
    const types: string[] = [];
    for await (const { type } of readStream(run.toResponse())) types.push(type);
    expect(types.filter((type) => type === "finish")).toHaveLength(2);
    expect(types.at(-1)).toBe("run-end");
  });

  it("treats a body that ends before its stream as an error", async () => {
    for (const cut of [chopped(speaking().stream(request).toResponse(), 50, 150), new Response("")])
      expect(await failure(readStream(cut))).toMatchObject({
        code: expect.stringMatching(/NETWORK_ERROR|STREAM_TRUNCATED/),
        retryable: true,
      });
  });

  it.each<EventFormat>(["ndjson", "sse"])(
    "resumes after the cursor when a connection breaks, in %s",
    async (format) => {
      const clock = new VirtualClock();
      const streams = resumableStreams();
      const provider = scripted({ name: "p", replies: [{ text: ["a", "b", "c", "d"] }] });
      await (await streams.start("1", provider.stream(request))).done;
      const page = async (after: number) =>
        (await streams.read("1", after))?.toResponse({ format }) as Response;
      const cursors: number[] = [];
      let tries = 0;
      const reader = readStream(chopped(await page(0), 40, 330), {
        clock,
        async resume(cursor) {
          cursors.push(cursor);
          if (++tries === 1) throw new TypeError("offline");
          return chopped(await page(cursor), 40, tries === 2 ? 80 : undefined);
        },
      });
      const reading = textOf(reader);
      await clock.drain();
      expect(await reading).toBe("abcd");
      expect(tries).toBeGreaterThanOrEqual(2);
      expect(cursors[1]).toBe(cursors[0]);
      expect(reader.cursor).toBe(8);
      expect(clock.now()).toBeGreaterThanOrEqual(1_500);
    },
  );

  it("skips events that the page already has", async () => {
    const streams = resumableStreams();
    const provider = scripted({ name: "p", replies: [{ text: ["a", "b", "c"] }] });
    await (await streams.start("1", provider.stream(request))).done;
    const all = (await streams.read("1"))?.toResponse() as Response;
    expect(await textOf(readStream(all, { after: 3 }))).toBe("bc");
  });

  it("gives up after some attempts in a row, and for a status that will not change", async () => {
    const clock = new VirtualClock();
    let asked = 0;
    const trying = failure(
      readStream(new Response(null, { status: 503 }), {
        clock,
        maxResumes: 3,
        resume: () => {
          asked++;
          return new Response(null, { status: 502 });
        },
      }),
    );
    await clock.drain();
    expect(await trying).toMatchObject({ code: "HTTP_ERROR", status: 502 });
    expect(asked).toBe(3);
    const refused = readStream(new Response("no", { status: 403 }), { resume: () => new Response() });
    expect(await failure(refused)).toMatchObject({ code: "HTTP_ERROR", status: 403, retryable: false });
  });

  it("is empty if there is no stream", async () => {
    expect(await textOf(readStream(new Response(null, { status: 204 })))).toBe("");
  });

  it("stops reading at an abort, while it waits for an event and between two connections", async () => {
    const provider = scripted({ name: "p", replies: [{ text: ["a"], silent: true }] });
    const abort = new AbortController();
    const reader = readStream(provider.stream(request).toResponse(), { signal: abort.signal });
    const pieces: string[] = [];
    const reading = (async () => {
      for await (const piece of reader.text) {
        pieces.push(piece);
        setTimeout(() => abort.abort(new Error("enough")), 5);
      }
    })();
    await expect(reading).rejects.toThrow("enough");
    expect([pieces, provider.aborted]).toEqual([["a"], 1]);

    const later = new AbortController();
    const clock = new VirtualClock();
    const offline = failure(
      readStream(Promise.reject(new TypeError("offline")), {
        clock,
        signal: later.signal,
        resume: () => new Response(),
      }),
    );
    await clock.advance(100);
    later.abort(new Error("enough"));
    expect(await offline).toMatchObject({ message: "enough" });
    expect(clock.pending).toBe(0);
  });

  it("closes its connection when the caller leaves the loop", async () => {
    const provider = scripted({ name: "p", replies: [{ text: ["a"], silent: true }] });
    for await (const event of readStream(provider.stream(request).toResponse()))
      if (event.type === "text-delta") break;
    expect(provider.aborted).toBe(1);
  });

  it("is less than 3 KB, minified and compressed", async () => {
    const bundle = await rolldown({ input: new URL("./index.ts", import.meta.url).pathname });
    const { output } = await bundle.generate({ format: "esm", minify: true });
    const bytes = gzipSync(output[0].code).length;
    expect(output).toHaveLength(1);
    expect(bytes).toBeGreaterThan(500);
    expect(bytes).toBeLessThan(3_000);
  });
});
