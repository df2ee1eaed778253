import type { Transform } from "node:stream";
import * as zlib from "node:zlib";

/** The codings that {@link contentDecoder} undoes. */
export type ContentCoding = "gzip" | "deflate" | "br";

/** The coding of a body by its `content-encoding` header; undefined for none, `"unknown"` for one not undone here. */
export function codingOf(header: string | undefined): ContentCoding | "unknown" | undefined {
  switch (header?.trim().toLowerCase()) {
    case undefined:
    case "":
    case "identity":
      return undefined;
    case "gzip":
    case "x-gzip":
      return "gzip";
    case "deflate":
      return "deflate";
    case "br":
      return "br";
    default:
      return "unknown";
  }
}

/**
 * A stream that undoes a coding and gives out whatever can be decoded so far, so that a stream of events which was
 * compressed although nobody asked for it is not held back until a block is full.
 */
export function contentDecoder(coding: ContentCoding): Transform {
  switch (coding) {
    case "gzip":
      return zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH });
    case "deflate":
      return zlib.createInflate({ flush: zlib.constants.Z_SYNC_FLUSH });
    case "br":
      return zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH });
    default:
      return coding satisfies never;
  }
}
