import type { AiLibError } from "../errors/error.js";
import type { Clock } from "./clock.js";
import type { Flow } from "./sink.js";

/** One frame of a stream, whatever framed it: an SSE event, an NDJSON line, an AWS event message. */
export interface Frame {
  /** The SSE event name, or the AWS `:event-type`; an AWS exception is `"!" + its :exception-type`. */
  readonly event?: string;
  /** The payload as text; JSON in every dialect, but for markers such as `[DONE]`. */
  readonly data: string;
}

/** How frames are put on the wire. */
export type Framing = "sse" | "ndjson" | "aws-event-stream";

/**
 * How a server puts frames on the wire: besides the framings, as one JSON array, or as the bytes of a file, whose frames
 * have the media type as their event and base64 as their data.
 */
export type ServedFraming = Framing | "json-array" | "bytes";

/**
 * Headers by name; names in lower case.
 *
 * An object of headers never changes after it was passed on. Most requests of an endpoint have the same object, so each
 * step of a request (the endpoint's own headers, the key, the list for `node:http`) caches its result for the last
 * object. Another object with the same headers only costs time.
 */
export type HeaderFields = Readonly<Record<string, string>>;

/** A request that a dialect encodes and a server half decodes: no host, no credentials. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path below the base URL, with a leading slash, percent-encoded where needed. */
  readonly path: string;
  /**
   * The whole address, where the provider named it in a reply; `path` is then ignored. The key is sent along only to the
   * host of the base URL and to domains that the provider's data trusts.
   */
  readonly url?: string;
  /** Never send the key: `url` is a file on another host. */
  readonly keyless?: boolean;
  /**
   * `url` is an address of this AWS service, chosen by the provider's data and not by a reply: the request is signed
   * for the service. A Bedrock API key, which is no AWS credential, is sent to no other service than `bedrock`.
   */
  readonly awsService?: "bedrock" | "s3";
  readonly query?: Readonly<Record<string, string>>;
  readonly headers: HeaderFields;
  readonly body?: string;
  /** The body as bytes that a server received, for bodies that are not text or are passed on unchanged. */
  readonly bytes?: Uint8Array;
}

/** A whole reply. */
export interface HttpReply {
  readonly status: number;
  readonly headers: HeaderFields;
  /** Text; base64 where {@link encoding} says so. */
  readonly body: string;
  /** Set for a body of bytes, such as sound or a picture: `body` is base64. */
  readonly encoding?: "base64";
  /** The body of a server's reply that is no text; `body` is then ignored. */
  readonly bytes?: Uint8Array;
}

/** A request as a transport sends it. */
export interface TransportRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderFields;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Until the connection is established, in milliseconds. Ends as `NETWORK_ERROR`. */
  readonly connectMs: number;
  readonly clock: Clock;
}

/**
 * Where a transport writes, synchronously, never before `open` has returned: one `head`, any number of `data`, then
 * `end`; or `fail` at any point instead. After `end`, `fail` or an abort, the transport does not call it again. A body
 * that was cut (fewer bytes than announced, a reset) is a `fail`, never an `end`.
 */
export interface TransportSink {
  /** Status and headers, names in lower case, content coding undone. */
  head(status: number, headers: HeaderFields): void;
  /** A piece of the body. It may be reused after the call returns: copy the bytes that you need later. */
  data(chunk: Uint8Array): void;
  end(): void;
  fail(error: AiLibError): void;
}

/** Sends requests and pushes replies to a sink. It never follows redirects, which would receive the credentials. */
export interface Transport {
  open(request: TransportRequest, sink: TransportSink): Flow;
  /**
   * Secret values that the transport adds to a request for an address, such as the password of a proxy. They are masked
   * in errors and in the headers of replies. Default: none.
   */
  secrets?(url: string): readonly string[];
  /** Closes idle connections. */
  close?(): Promise<void>;
}

/** How an endpoint expects its credentials. */
export type AuthStyle =
  | { readonly style: "none" }
  /** `Authorization: Bearer <key>`. */
  | { readonly style: "bearer" }
  /** A header of its own, such as `x-api-key`. */
  | { readonly style: "header"; readonly header: string; readonly prefix?: string }
  /** A query parameter. */
  | { readonly style: "query"; readonly parameter: string }
  /** AWS Signature Version 4. */
  | { readonly style: "sigv4"; readonly service: string };
