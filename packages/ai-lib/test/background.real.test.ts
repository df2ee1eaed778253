import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chatLaws } from "../src/core/kinds/chat/laws.js";
import type { StreamEvent } from "../src/core/values/chat-event.js";
import { failover, ProviderFactory } from "../src/index.js";
import { resumeRun, startRun } from "../src/jobs/index.js";

const WORDS = ["One ", "two ", "three ", "four ", "five ", "six."];
const TEXT = WORDS.join("");

const item = { id: "msg_1", type: "message", role: "assistant", status: "completed" };
const part = { type: "output_text", text: TEXT, annotations: [] };

function responseOf(status: string): object {
  const usage = { input_tokens: 3, output_tokens: 6, total_tokens: 9 };
  const done = status === "completed";
  return {
    id: "resp_1",
    object: "response",
    status,
    background: true,
    model: "gpt-6.2-sol",
    output: done ? [{ ...item, content: [part] }] : [],
    ...(done ? { usage } : {}),
  };
}

/** The events of the response, with their numbers. */
const EVENTS: readonly object[] = [
  { type: "response.created", response: responseOf("queued") },
  { type: "response.in_progress", response: responseOf("in_progress") },
  {
    type: "response.output_item.added",
    output_index: 0,
    item: { ...item, status: "in_progress", content: [] },
  },
  {
    type: "response.content_part.added",
    item_id: "msg_1",
    output_index: 0,
    content_index: 0,
    part: { ...part, text: "" },
  },
  ...WORDS.map((delta) => ({
    type: "response.output_text.delta",
    item_id: "msg_1",
    output_index: 0,
    content_index: 0,
    delta,
  })),
  { type: "response.output_text.done", item_id: "msg_1", output_index: 0, content_index: 0, text: TEXT },
  { type: "response.content_part.done", item_id: "msg_1", output_index: 0, content_index: 0, part },
  { type: "response.output_item.done", output_index: 0, item: { ...item, content: [part] } },
  { type: "response.completed", response: responseOf("completed") },
].map((event, sequence_number) => ({ ...event, sequence_number }));

interface Seen {
  readonly line: string;
  readonly body: Record<string, unknown>;
}

let seen: Seen[] = [];
let statuses: string[] = [];
/** How each connection of a stream goes: how many bytes of it are sent before it breaks; undefined for all. */
let cuts: (number | "ends" | 503 | undefined)[] = [];

function sendStream(response: ServerResponse, after: number): void {
  const cut = cuts.shift();
  if (cut === 503) {
    response.writeHead(503).end("{}");
    return;
  }
  response.sendDate = false;
  response.writeHead(200, { "content-type": "text/event-stream" });
  const wanted = EVENTS.slice(after + 1);
  const text = wanted
    .map((event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join("");
  if (cut === undefined) response.end(text);
  else if (cut === "ends") response.end(text.slice(0, Math.floor(text.length / 2)));
  else response.write(text.slice(0, cut), () => setTimeout(() => response.destroy(), 5));
}

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const url = new URL(request.url ?? "/", "http://x");
    const text = Buffer.concat(pieces).toString();
    seen.push({ line: `${request.method} ${request.url}`, body: text === "" ? {} : JSON.parse(text) });
    const json = (body: unknown): void => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (request.method === "POST" && url.pathname.endsWith("/cancel")) json(responseOf("cancelled"));
    else if (request.method === "POST") {
      const { stream } = JSON.parse(text) as { stream?: boolean };
      if (stream === true) sendStream(response, -1);
      else json(responseOf("queued"));
    } else if (url.searchParams.get("stream") === "true")
      sendStream(response, Number(url.searchParams.get("starting_after") ?? -1));
    else json(responseOf(statuses.shift() ?? "completed"));
  });
});
let base = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
beforeEach(() => {
  seen = [];
  statuses = [];
  cuts = [];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const make = (id = "openai-responses") =>
  ProviderFactory.create(id, { apiKey: "k", baseUrl: base, environment: {} });
const request = { messages: [{ role: "user" as const, content: "Count to six" }] };
const quick = { poll: { minMs: 5, maxMs: 20 } };

/** The events of a stream, without the times of its attempt. */
async function collect(stream: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of stream) {
    events.push(
      event.type === "finish" ? { ...event, response: { ...event.response, attempts: [] } } : event,
    );
  }
  return events;
}

const textOf = (events: readonly StreamEvent[]): string =>
  events.map((event) => (event.type === "text-delta" ? event.text : "")).join("");

describe("a response in the background", () => {
  it("is started, asked for until it is done, and found again by its handle", async () => {
    statuses = ["queued", "in_progress", "completed"];
    const run = await startRun(make(), chatLaws, request);
    expect(seen[0]?.body).toMatchObject({ background: true, store: true });
    const handle = JSON.parse(JSON.stringify(run.handle));
    expect(handle).toMatchObject({ kind: "chat", job: { id: "resp_1" } });
    const words: (string | undefined)[] = [];
    const later = resumeRun(make(), chatLaws, handle);
    const answer = await later.result({
      ...quick,
      onReport: (report) => words.push("word" in report ? report.word : report.state),
    });
    expect(words).toEqual(["queued", "in_progress", "done"]);
    expect(answer.text).toBe(TEXT);
    expect(answer).toMatchObject({ id: "resp_1", usage: { inputTokens: 3, outputTokens: 6 } });
  });

  it("is cancelled, and says so", async () => {
    statuses = ["cancelled"];
    const run = await startRun(make(), chatLaws, request);
    await run.cancel();
    expect(seen.at(-1)?.line).toBe("POST /v1/responses/resp_1/cancel");
    expect(await run.status()).toMatchObject({ state: "cancelled", error: { code: "PROVIDER_ERROR" } });
  });

  it("is refused at endpoints without it, and a chain continues to one that has it", async () => {
    const groq = make("groq");
    await expect(startRun(groq, chatLaws, request)).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
    const run = await startRun(failover([groq, make()]), chatLaws, request);
    expect(run.handle.provider).toBe("openai-responses");
    await expect(
      startRun(make(), chatLaws, request, { webhook: "https://example.com" }),
    ).rejects.toMatchObject({
      code: "UNSUPPORTED_FEATURE",
    });
  });

  it("is followed over connections that break, and every event comes once", async () => {
    const whole = await (async () => {
      const run = await startRun(make(), chatLaws, request, { follow: true });
      expect(seen[0]?.body).toMatchObject({ background: true, stream: true });
      return collect(run.stream());
    })();
    expect(textOf(whole)).toBe(TEXT);
    expect(whole.at(-1)).toMatchObject({
      type: "finish",
      response: { text: TEXT, usage: { outputTokens: 6 } },
    });
    // Cuts within an event, behind one, before any, an end without the terminator, and a server that is away.
    for (const given of [
      [900],
      [1_000, 40],
      [0 + 700, "ends" as const],
      [1_200, 503 as const, 30, "ends" as const],
    ]) {
      seen = [];
      cuts = [undefined, ...given];
      const run = await startRun(make(), chatLaws, request, { follow: true });
      expect(await collect(run.stream())).toEqual(whole);
      const resumed = seen.filter(({ line }) => line.includes("starting_after"));
      expect(resumed.length).toBe(given.length);
    }
  });

  it("is followed by another process from behind an event, with the whole answer at the end", async () => {
    const run = await startRun(make(), chatLaws, request, { follow: true });
    let cursor = 0;
    let text = "";
    for await (const event of run.stream()) {
      if (event.type !== "text-delta") continue;
      text += event.text;
      cursor = event.cursor ?? cursor;
      if (text.endsWith("three ")) break;
    }
    const later = resumeRun(make(), chatLaws, JSON.parse(JSON.stringify(run.handle)));
    const rest = later.stream({ after: cursor });
    text += textOf(await collect(rest));
    expect(text).toBe(TEXT);
    expect((await rest.response()).text).toBe(TEXT);
  });

  it("that cannot be followed says so before anything is sent", async () => {
    const { imageLaws } = await import("../src/core/kinds/image.js");
    const fal = make("fal");
    await expect(startRun(fal, imageLaws, { prompt: "A cat" }, { follow: true })).rejects.toMatchObject({
      code: "UNSUPPORTED_FEATURE",
      local: true,
    });
    expect(seen).toEqual([]);
  });
});
