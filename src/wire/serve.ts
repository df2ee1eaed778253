import type { IncomingMessage, ServerResponse } from "node:http";
import type { DecodedRequest, ServerFacts, ServerHalf } from "../core/dialect.js";
import { AiLibError, invalidRequest } from "../core/error.js";
import type { ChatEvent } from "../core/event.js";
import type { Frame, HttpReply, HttpRequest } from "../core/http.js";
import type { ModelInfo } from "../core/model.js";
import type { ChatResponse } from "../core/response.js";
import type { EventSink, Flow } from "../core/sink.js";
import { type FrameWriter, frameWriter } from "./framing.js";

/** Bytes that a request may have. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** One chat request, read by the dialect it came in. */
export interface ServedCall extends DecodedRequest {
  readonly half: ServerHalf;
  readonly http: HttpRequest;
  /** Facts for an answer that brings none of its own. */
  readonly facts: ServerFacts;
  /** Where the answer goes: events and one ending, as the dialect's frames or its whole reply. */
  readonly reply: ServedReply;
}

/** What a server does with what it is asked. */
export interface ServeOptions {
  /** The dialects spoken, the first that matches a request reads it. */
  readonly halves: readonly ServerHalf[];
  /** Answers a chat; what it throws is the answer's error. */
  handle(call: ServedCall): void;
  /** Facts for an answer that brings none of its own. */
  facts(call: DecodedRequest): ServerFacts;
  /** The models that are listed. */
  models?(): readonly ModelInfo[];
  /** Takes apart a path that says more than a dialect's own: the request to read, and the dialect where it is named. */
  route?(http: HttpRequest): { readonly http: HttpRequest; readonly half?: ServerHalf | undefined };
}

/** A listener for a `node:http` server that speaks dialects through their server halves. */
export function serve(options: ServeOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    readRequest(request).then(
      (http) => answer(options, options.route?.(http) ?? { http }, response),
      (error: unknown) => {
        if (response.destroyed) return;
        const [half] = options.halves;
        const told = AiLibError.from(error, "INVALID_REQUEST");
        sendReply(response, half === undefined ? plainError(told) : half.error(told));
      },
    );
  };
}

function answer(
  options: ServeOptions,
  { http, half: named }: { readonly http: HttpRequest; readonly half?: ServerHalf | undefined },
  response: ServerResponse,
): void {
  const halves = named === undefined ? options.halves : [named];
  const lister = halves.find((half) => half.models?.matches(http) === true);
  if (lister?.models !== undefined && options.models !== undefined) {
    sendReply(response, lister.models.encode(options.models()));
    return;
  }
  // A dialect that was named is spoken wherever its provider puts it.
  const half =
    named !== undefined && http.method === "POST" ? named : halves.find((one) => one.matches(http));
  if (half === undefined) {
    sendReply(
      response,
      plainError(invalidRequest(`No dialect is served at ${http.method} ${http.path}`), 404),
    );
    return;
  }
  try {
    const decoded = half.decode(http);
    const facts = options.facts(decoded);
    options.handle({
      ...decoded,
      half,
      http,
      facts,
      reply: new ServedReply(response, half, decoded.mode, facts),
    });
  } catch (error) {
    if (!response.headersSent) sendReply(response, half.error(AiLibError.from(error)));
    else response.destroy();
  }
}

/** One answer on its way to a client: an {@link EventSink} that writes a dialect, with its back-pressure. */
export class ServedReply implements EventSink {
  private readonly encoder: EventSink | undefined;
  private readonly writer: FrameWriter;
  private flow: Flow | undefined;
  private over = false;

  constructor(
    /** The raw reply, for whoever must misbehave on it. */
    readonly response: ServerResponse,
    private readonly half: ServerHalf,
    readonly mode: "unary" | "stream",
    private readonly facts: ServerFacts,
  ) {
    this.writer = frameWriter(half.framing);
    if (mode === "stream") this.encoder = half.encoder((frame) => this.write(frame), facts);
    response.on("drain", () => this.flow?.resume());
    response.on("close", () => {
      if (!response.writableFinished) this.flow?.abort();
    });
  }

  /** Ties the answer's source to the client: paused while the client is slow, aborted when it leaves. */
  attach(flow: Flow): void {
    this.flow = flow;
    if (this.response.destroyed) flow.abort();
  }

  event(event: ChatEvent): void {
    if (!this.over) this.encoder?.event(event);
  }

  finish(response: ChatResponse): void {
    if (this.over) return;
    this.over = true;
    if (this.encoder === undefined) {
      sendReply(this.response, this.half.encode(response, this.facts));
      return;
    }
    this.encoder.finish(response);
    this.response.end(this.writer.end());
  }

  fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    if (this.response.headersSent) {
      // After the head only the stream itself can tell of an error.
      this.encoder?.fail(error);
      this.response.end(this.writer.end());
    } else {
      sendReply(this.response, this.half.error(error));
    }
  }

  /** Sends the head of a stream, before its first frame. */
  head(headers: Readonly<Record<string, string>> = {}): void {
    if (this.response.headersSent || this.response.destroyed) return;
    this.response.writeHead(200, {
      "content-type": this.writer.contentType,
      "cache-control": "no-cache",
      ...headers,
    });
    this.response.flushHeaders();
  }

  private write(frame: Frame): void {
    if (this.response.destroyed) return;
    this.head();
    if (!this.response.write(this.writer.frame(frame))) this.flow?.pause();
  }
}

/** Sends a whole reply. */
export function sendReply(response: ServerResponse, reply: HttpReply): void {
  response.writeHead(reply.status, reply.headers);
  response.end(reply.body);
}

function plainError(error: AiLibError, status = 400): HttpReply {
  const body = JSON.stringify({ error: { message: error.message, type: "invalid_request_error" } });
  return { status, headers: { "content-type": "application/json" }, body };
}

async function readRequest(request: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw invalidRequest(`The request is longer than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  const url = new URL(request.url ?? "/", "http://localhost");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  const method = request.method === "GET" || request.method === "DELETE" ? request.method : "POST";
  return {
    method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers,
    ...(size === 0 ? {} : { body: Buffer.concat(chunks).toString("utf8") }),
  };
}
