import type { Transform } from "node:stream";
import * as zlib from "node:zlib";

/** The codings that {@link contentDecoder} decodes. */
export type ContentCoding = "gzip" | "deflate" | "br";

/** The coding of a body by its `content-encoding` header; undefined for none, `"unknown"` for any other. */
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
 * Makes a stream that decodes a coding and emits whatever can be decoded so far, so that a compressed stream of events
 * is not delayed until a block is full.
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
