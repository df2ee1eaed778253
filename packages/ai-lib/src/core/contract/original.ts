import type { Kind, RequestOf } from "../values/kinds.js";

/** Receives the bytes of one attempt's reply in addition to the decoder. */
export interface ReplyTap {
  /** The event that the attempt's stream begins with; it identifies the attempt to a reader. */
  opening?: unknown;
  /** The response that the attempt ended with. */
  response?: unknown;
  /** The head of a reply with status 2xx. */
  head(status: number, headers: Readonly<Record<string, string>>): void;
  /** A piece of the body, after it was decoded. It may be reused after the call returns. */
  data(chunk: Uint8Array): void;
  /** Nothing more is read. */
  end(): void;
}

/**
 * The original request of a server's client. A provider of the same dialect sends these bytes on instead of encoding
 * the request again, as long as the call is the same request; only the model may differ, and fields may be added
 * that set a limit and ask for usage.
 */
export interface OriginalRequest {
  /** The id of the client's dialect. */
  readonly dialect: string;
  readonly kind: Kind;
  readonly mode: "unary" | "stream";
  /** The request that the bytes express. */
  readonly request: RequestOf<Kind>;
  readonly http: {
    readonly query?: Readonly<Record<string, string>>;
    readonly headers: Readonly<Record<string, string>>;
    readonly bytes?: Uint8Array;
  };
  /**
   * The server needs the usage of the answer, also of a stream whose client does not ask for it. Default false.
   */
  readonly needsUsage?: boolean;
  /**
   * Begins the reply of one attempt that sends these bytes.
   * @param addsUsage whether the attempt asks for usage that the bytes do not ask for, so that the client must not get it
   */
  tap(addsUsage: boolean): ReplyTap;
}
