import type { IncomingMessage } from "node:http";
import { AdminError } from "./errors.js";

/** Bytes that a body may have. */
const MAX_BYTES = 1024 * 1024;

/** Objects and arrays within each other: code that follows them must not run out of stack. */
const MAX_DEPTH = 100;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a body of JSON.
 * @param isTaken whether the call takes a body
 * @returns undefined for an empty body
 * @throws {AdminError} `unsupported_media_type`, `too_large`, `invalid_request`
 */
export async function readBody(
  request: IncomingMessage,
  isTaken: boolean,
): Promise<{ text: string; value: unknown }> {
  const bytes = await readBytes(request, isTaken);
  if (bytes.length === 0) return { text: "", value: undefined };
  // A form of another site cannot send this type without asking first.
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? ""))
    throw new AdminError("unsupported_media_type", "The body must be application/json");
  let text: string;
  let value: unknown;
  try {
    text = UTF8.decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw wrong("The body is no JSON", "not JSON in UTF-8");
  }
  if (depthOf(text) > MAX_DEPTH)
    throw wrong("The body is nested too deeply", `at most ${MAX_DEPTH} objects and arrays within each other`);
  return { text, value };
}

async function readBytes(request: IncomingMessage, isTaken: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (!isTaken) throw wrong("This call takes no body", "leave it out", { connection: "close" });
      if (bytes > MAX_BYTES)
        throw new AdminError("too_large", `The body is longer than ${MAX_BYTES} bytes`, {
          headers: { connection: "close" },
        });
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof AdminError) throw error;
    // The client disconnected, so the answer is not read.
    throw wrong("The body is incomplete", "ends too early");
  }
  return Buffer.concat(chunks);
}

/** How many objects and arrays are within each other at most, in a text of JSON. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (isString) {
      if (character === "\\") at++;
      else if (character === '"') isString = false;
    } else if (character === '"') isString = true;
    else if (character === "{" || character === "[") most = Math.max(most, ++depth);
    else if (character === "}" || character === "]") depth--;
  }
  return most;
}

function wrong(message: string, detail: string, headers: Readonly<Record<string, string>> = {}): AdminError {
  return new AdminError("invalid_request", message, {
    details: [{ path: "body", message: detail }],
    headers,
  });
}
