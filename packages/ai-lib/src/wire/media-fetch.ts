/** What is needed to fetch one medium. */
export interface MediaRequest {
  /** Ends the request. */
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  readonly maxRedirects: number;
  /** Hosts, as a URL writes them, whose addresses may be private. */
  readonly privateHosts: ReadonlySet<string>;
}

/** A medium as its host sent it. */
export interface FetchedMedia {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
}

/** A medium that may not be fetched. The message is the end of a sentence, and shows nothing of the address. */
export class MediaRefusal extends Error {
  override readonly name = "MediaRefusal";
}
