import fc from "fast-check";
import type { ClientHalf, ServerHalf } from "../../src/core/contract/dialect.js";
import type { Transport } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { REACTIONS } from "../../src/core/errors/reactions.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import { tokenCount } from "../../src/core/values/usage.js";
import { defineProvider } from "../../src/providers/endpoint/define.js";
import { frameWriter } from "../../src/wire/frame-writer.js";
import { aiLibError, chatRequest, chatResponse } from "../support/arbitrary.js";
import { request } from "../support/calls.js";
import { framesFor, targetFor } from "../support/halves.js";
import { cutUp, Draw, flip, spoil } from "./mutate.js";

/*
 * Mutates what the server halves write and the client halves send, and runs it through the whole stack: replies,
 * streams, framings, headers and error readers of the clients, and requests of the servers.
 */

/** A dialect from both sides. */
export interface FuzzSubject {
  readonly client: ClientHalf;
  readonly server: ServerHalf;
}

/** What a campaign did and found. */
export interface FuzzFigures {
  inputs: number;
  /** Distinct findings, with one input each. */
  readonly findings: Map<string, string>;
  /** The longest time of one input, in milliseconds. */
  slowestMs: number;
}

const SAMPLES = 60;
const WAITS = [
  "1",
  "-1",
  "1e3",
  "Infinity",
  "0.5",
  "9".repeat(400),
  "x",
  "",
  "5s",
  "1h2m",
  "\u0000",
  "Mon, 99 Foo",
];
const STATUSES = [400, 401, 403, 404, 408, 413, 429, 500, 503, 529, 302, 304, 100, 199, 600, 0, 999];
const ENDS = ["end", "end", "fail", "abort"] as const;

/** Runs one dialect for some time. @param seed draws the inputs: the same seed draws the same ones */
export async function fuzz(subject: FuzzSubject, ms: number, seed: number): Promise<FuzzFigures> {
  const figures: FuzzFigures = { inputs: 0, findings: new Map(), slowestMs: 0 };
  const run = new Fuzz(subject, new Draw(seed), figures, seed);
  const end = performance.now() + ms;
  while (performance.now() < end) {
    await run.one();
    figures.inputs++;
    // Timers and collected garbage need turns of their own.
    if (figures.inputs % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return figures;
}

class Fuzz {
  private readonly wholes: unknown[];
  private readonly streams: (readonly { readonly event?: string; readonly data: string }[])[];
  private readonly errors: ReturnType<ServerHalf["error"]>[];
  private readonly requests: ReturnType<ClientHalf["encode"]>["http"][];

  constructor(
    private readonly subject: FuzzSubject,
    private readonly draw: Draw,
    private readonly figures: FuzzFigures,
    seed: number,
  ) {
    const { client, server } = subject;
    const scope = { dialect: client.id, stranger: "elsewhere" };
    const responses = fc.sample(chatResponse(scope), { numRuns: SAMPLES, seed });
    const facts = { id: "served", created: 0 };
    this.wholes = responses.map((response) => JSON.parse(server.encode(response, facts).body) as unknown);
    this.streams = responses.map((response) => framesFor(server, response));
    this.errors = fc.sample(aiLibError, { numRuns: SAMPLES, seed }).map((error) => server.error(error));
    this.requests = fc.sample(chatRequest(scope), { numRuns: SAMPLES, seed }).flatMap((asked) => {
      try {
        return [client.encode(asked, "stream", targetFor(client.id)).http];
      } catch {
        // Some requests cannot be sent in every format.
        return [];
      }
    });
  }

  async one(): Promise<void> {
    const { draw } = this;
    switch (draw.below(5)) {
      case 0:
        return this.reply(200, { "content-type": "application/json" }, spoil(draw.pick(this.wholes), draw));
      case 1:
        return this.stream();
      case 2:
        return this.framing();
      case 3:
        return this.error();
      default:
        this.request();
    }
  }

  private stream(): Promise<void> {
    const { draw } = this;
    const frames = draw.pick(this.streams).map((frame) => ({ ...frame }));
    for (let n = 1 + draw.below(3); n > 0; n--) {
      const frame = draw.pick(frames);
      if (frame === undefined) break;
      const kind = draw.below(5);
      if (kind === 0) frames.splice(draw.below(frames.length), 1);
      else if (kind === 1) frames.splice(draw.below(frames.length), 0, { ...frame });
      else frame.data = mutated(frame.data, draw);
    }
    return this.frames(frames);
  }

  private framing(): Promise<void> {
    return this.frames(this.draw.pick(this.streams), true);
  }

  private frames(
    frames: readonly { readonly event?: string; readonly data: string }[],
    flipped = false,
  ): Promise<void> {
    const { draw, subject } = this;
    const writer = frameWriter(draw.below(8) === 0 ? "ndjson" : subject.client.framing);
    const pieces = frames.map((frame) => Buffer.from(writer.frame(frame)));
    const bytes = Buffer.concat([...pieces, Buffer.from(writer.end())]);
    return this.reply(
      200,
      { "content-type": writer.contentType },
      flipped ? flip(bytes, draw) : bytes,
      "stream",
    );
  }

  private error(): Promise<void> {
    const { draw } = this;
    const one = draw.pick(this.errors);
    const headers: Record<string, string> = {
      "content-type": draw.pick(["application/json", "text/html", ""]),
    };
    for (const name of [
      "retry-after",
      "retry-after-ms",
      "date",
      "x-ratelimit-reset-requests",
      "x-request-id",
    ])
      if (draw.below(2) === 0) headers[name] = draw.pick(WAITS);
    const body =
      draw.below(8) === 0 ? draw.pick(["", "<html>", "null", "[{}]", "5"]) : mutated(one.body, draw);
    return this.reply(draw.below(2) === 0 ? one.status : draw.pick(STATUSES), headers, body);
  }

  /** One exchange through the whole stack, on a transport in memory. */
  private async reply(
    status: number,
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array,
    only?: "stream",
  ): Promise<void> {
    const { draw, subject } = this;
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    const reads = cutUp(bytes, draw);
    const end = draw.pick(ENDS);
    const abort = new AbortController();
    const started = performance.now();
    const transport: Transport = {
      open: (_request, sink) => {
        queueMicrotask(() => {
          try {
            sink.head(status, headers);
            for (const read of reads) sink.data(read);
            if (end === "end") sink.end();
            else if (end === "abort") abort.abort();
            else sink.fail(new AiLibError({ code: "NETWORK_ERROR", message: "cut" }));
          } catch (error) {
            this.found("throws into its transport", error, bytes);
          }
        });
        return { pause() {}, resume() {}, abort: () => undefined };
      },
    };
    const data = {
      id: "labs",
      dialect: subject.client.id,
      baseUrl: "http://labs.test",
      model: "m",
      keyOptional: true,
    };
    const provider = defineProvider(data, { transport });
    const options = { signal: abort.signal, timeouts: { totalMs: 2_000, firstContentMs: 1_000 } };
    try {
      if (only === undefined && draw.below(2) === 0) this.check(await provider.chat(request, options), bytes);
      else {
        const stream = provider.stream(request, options);
        for await (const _ of stream);
        this.check(await stream.response(), bytes);
      }
    } catch (error) {
      this.checkError(error, bytes);
    }
    this.timed(started, bytes);
  }

  private request(): void {
    const { draw, subject } = this;
    const http = draw.pick(this.requests);
    const started = performance.now();
    const body =
      draw.below(20) === 0 ? draw.pick(["", "{", "null", "[]", "5"]) : mutated(http.body ?? "{}", draw);
    const path =
      draw.below(20) === 0 ? `/%ff${http.path}` : draw.below(20) === 0 ? `${http.path}%zz` : http.path;
    try {
      const decoded = subject.server.decode({ ...http, path, body });
      JSON.stringify(decoded.request);
    } catch (error) {
      this.checkError(error, body);
    }
    this.timed(started, body);
  }

  private check(response: ChatResponse, input: unknown): void {
    const { usage } = response;
    for (const name of ["inputTokens", "outputTokens", "cachedInputTokens", "reasoningTokens"] as const)
      if (usage[name] !== undefined && tokenCount(usage[name]) !== usage[name])
        this.found("counts tokens wrongly", usage[name], input);
    for (const name of ["text", "model", "id"] as const)
      if (typeof response[name] !== "string")
        this.found(`has a ${name} that is no text`, response[name], input);
    try {
      JSON.stringify(response);
    } catch (error) {
      this.found("answers what cannot be written", error, input);
    }
    this.checkPrototype(input);
  }

  private checkError(error: unknown, input: unknown): void {
    if (!AiLibError.is(error)) {
      this.found("throws what is no AiLibError", error, input);
      return;
    }
    if (!Object.hasOwn(REACTIONS, error.code)) this.found("has no such code", error.code, input);
    if (error.cause instanceof Error && !AiLibError.is(error.cause))
      this.found("hides a fault", error.cause, input);
    if (error.retryAt !== undefined && !Number.isFinite(error.retryAt))
      this.found("has no time", error.retryAt, input);
    try {
      JSON.stringify(error);
    } catch (thrown) {
      this.found("cannot be written", thrown, input);
    }
    this.checkPrototype(input);
  }

  private checkPrototype(input: unknown): void {
    if (!("polluted" in {})) return;
    this.found("pollutes the prototype", "", input);
    Reflect.deleteProperty(Object.prototype, "polluted");
  }

  private timed(started: number, input: unknown): void {
    const ms = performance.now() - started;
    this.figures.slowestMs = Math.max(this.figures.slowestMs, ms);
    if (ms > 2_500) this.found("takes too long", Math.round(ms), input);
  }

  private found(what: string, detail: unknown, input: unknown): void {
    const words =
      detail instanceof Error ? (detail.stack ?? detail.message).split("\n").slice(0, 2).join(" ") : detail;
    const text = typeof input === "string" ? input : Buffer.from(input as Uint8Array).toString("utf8");
    this.figures.findings.set(
      `${this.subject.client.id} ${what}: ${String(words).slice(0, 200)}`,
      text.slice(0, 500),
    );
  }
}

/** The data of a frame or a body, as text with something wrong. */
function mutated(data: string, draw: Draw): string {
  try {
    return spoil(JSON.parse(data), draw);
  } catch {
    return draw.pick(["", "{", "null", "[]", "5"]);
  }
}
