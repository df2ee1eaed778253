import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallContext } from "../core/contract/call.js";
import { callOf } from "../core/contract/call.js";
import type { DecodedRequest, ServerFacts, ServerHalf } from "../core/contract/dialect.js";
import type { EventSink, Flow, Open, Sink } from "../core/contract/sink.js";
import type { Frame, HttpReply, HttpRequest } from "../core/contract/transport.js";
import { AiLibError, invalidRequest } from "../core/errors/error.js";
import { chatLaws } from "../core/kinds/chat/laws.js";
import type { ChatEvent } from "../core/values/chat-event.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import type { ModelInfo } from "../core/values/model.js";
import { type FrameWriter, frameWriter } from "./framing.js";

/** The default of {@link ServeOptions.maxBodyBytes}: room for a request with a few images in it. */
const DEFAULT_BODY_BYTES = 64 * 1024 * 1024;

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
  /** Bytes that a request may have; a longer one is answered with 413. Default 64 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Takes apart a path that says more than a dialect's own: the request to read, and the dialect where it is named. */
  route?(http: HttpRequest): { readonly http: HttpRequest; readonly half?: ServerHalf | undefined };
}

/** A listener for a `node:http` server that speaks dialects through their server halves. */
export function serve(options: ServeOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const { method } = request;
    if (method !== "GET" && method !== "POST" && method !== "DELETE") {
      request.resume();
      sendReply(response, plainError(invalidRequest(`${method} is not served`), 405));
      return;
    }
    readBody(request, options.maxBodyBytes ?? DEFAULT_BODY_BYTES).then(
      (body) => answer(options, httpOf(request, method, body), response),
      (error: unknown) => {
        // A client that left while it was sending wants no answer.
        if (response.destroyed || !AiLibError.is(error)) return;
        const http = httpOf(request, method, "");
        const half = options.halves.find((one) => one.matches(http));
        const reply = half?.error(error) ?? plainError(error, TOO_LARGE);
        // What is still on its way will not be read, so this connection cannot be used again.
        sendReply(response, {
          ...reply,
          status: TOO_LARGE,
          headers: { ...reply.headers, connection: "close" },
        });
      },
    );
  };
}

/** Opens an answer and ties it to its client: events go out as the dialect's, a client that leaves aborts it. */
export function relay(served: ServedCall, open: Open, context: CallContext): void {
  const { request, mode, reply } = served;
  reply.attach(open(callOf(chatLaws, request, mode, context), reply as Sink));
}

function answer(options: ServeOptions, given: HttpRequest, response: ServerResponse): void {
  let half: ServerHalf | undefined;
  try {
    const { http, half: named } = options.route?.(given) ?? { http: given, half: undefined };
    const halves = named === undefined ? options.halves : [named];
    const lister = halves.find((one) => one.models?.matches(http) === true);
    if (lister?.models !== undefined && options.models !== undefined) {
      sendReply(response, lister.models.encode(options.models()));
      return;
    }
    // A dialect that was named is spoken wherever its provider puts it.
    half = named !== undefined && http.method === "POST" ? named : halves.find((one) => one.matches(http));
    if (half === undefined) {
      const error = invalidRequest(`No dialect is served at ${http.method} ${http.path}`);
      sendReply(response, plainError(error, 404));
      return;
    }
    const decoded = half.decode(http);
    const facts = options.facts(decoded);
    const reply = new ServedReply(response, half, decoded, facts);
    options.handle({ ...decoded, half, http, facts, reply });
  } catch (error) {
    const told = AiLibError.from(error);
    if (response.headersSent) response.destroy();
    else sendReply(response, half?.error(told) ?? plainError(told, 500));
  }
}

/** One answer on its way to a client: an {@link EventSink} that writes a dialect, with its back-pressure. */
class ServedReply implements EventSink {
  private readonly encoder: EventSink | undefined;
  /** Puts frames on the wire as this client wants them. */
  readonly writer: FrameWriter;
  private flow: Flow | undefined;
  private over = false;

  constructor(
    /** The raw reply, for whoever must misbehave on it. */
    readonly response: ServerResponse,
    private readonly half: ServerHalf,
    { mode, framing }: DecodedRequest,
    private readonly facts: ServerFacts,
  ) {
    this.writer = frameWriter(framing ?? half.framing);
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
      // Asks proxies such as nginx not to hold the stream back.
      "x-accel-buffering": "no",
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

/** Sends a whole reply. Its length is announced, so that a client can tell a cut one. */
export function sendReply(response: ServerResponse, reply: HttpReply): void {
  if (response.destroyed) return;
  const body = Buffer.from(reply.body, "utf8");
  response.writeHead(reply.status, { ...reply.headers, "content-length": String(body.length) });
  response.end(body);
}

const TOO_LARGE = 413;

function plainError(error: AiLibError, status: number): HttpReply {
  const body = JSON.stringify({ error: { message: error.message, type: "invalid_request_error" } });
  return { status, headers: { "content-type": "application/json" }, body };
}

/** @throws {AiLibError} `INVALID_REQUEST` for a body that is too large; what comes after is thrown away. */
function readBody(request: IncomingMessage, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        chunks = [];
        reject(invalidRequest(`The request is longer than ${limit} bytes`));
      }
    });
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.on("error", reject);
  });
}

function httpOf(request: IncomingMessage, method: HttpRequest["method"], body: string): HttpRequest {
  const target = request.url ?? "/";
  const mark = target.indexOf("?");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  return {
    method,
    path: mark === -1 ? target : target.slice(0, mark),
    query: mark === -1 ? {} : Object.fromEntries(new URLSearchParams(target.slice(mark + 1))),
    headers,
    ...(body === "" ? {} : { body }),
  };
}
