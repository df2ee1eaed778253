import type { IncomingMessage } from "node:http";
import { AdminError } from "./errors.js";

/** Bytes that a body may have. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads a body of JSON.
 * @returns undefined for an empty body
 * @throws {AdminError} `unsupported_media_type`, `too_large`, `invalid_request`
 */
export async function readBody(request: IncomingMessage): Promise<{ text: string; value: unknown }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES)
      throw new AdminError("too_large", `The body is longer than ${MAX_BYTES} bytes`, {
        headers: { connection: "close" },
      });
    chunks.push(chunk);
  }
  if (bytes === 0) return { text: "", value: undefined };
  // A form of another site cannot send this type without asking first.
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? ""))
    throw new AdminError("unsupported_media_type", "The body must be application/json");
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return { text, value: JSON.parse(text) };
  } catch {
    throw new AdminError("invalid_request", "The body is no JSON", {
      details: [{ path: "body", message: "not JSON" }],
    });
  }
}
