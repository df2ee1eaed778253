import type { IncomingMessage, ServerResponse } from "node:http";
import { joinBytes } from "../core/values/join-bytes.js";
import { type WebhookOptions, WebhookReceiver } from "./receiver.js";

/**
 * A listener for a `node:http` server that receives webhooks, at whatever path you give it. Body parsers of frameworks
 * break the signature: pass the unread request.
 *
 * @example
 * const sources = openaiWebhooks({ secret: process.env["OPENAI_WEBHOOK_SECRET"] ?? "" });
 * createServer(serveWebhooks({ sources, onEvent: (event) => console.log(event.type) })).listen(8080);
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option, or one out of range.
 */
export function serveWebhooks(
  options: WebhookOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const receiver = new WebhookReceiver(options);
  return (request, response) => {
    void answer(receiver, request, response);
  };
}

async function answer(
  receiver: WebhookReceiver,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method, headers } = request;
  if (method !== "POST") {
    response.writeHead(405, { allow: "POST" }).end();
    return;
  }
  const body = await readBody(request, receiver.maxBodyBytes).catch(() => undefined);
  if (body === undefined) {
    // The rest of the body is not read.
    if (!response.destroyed) response.writeHead(413, { connection: "close" }).end();
    return;
  }
  const names = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(",") : value,
  ]);
  const status = await receiver.receive({ headers: Object.fromEntries(names), body });
  if (!response.destroyed) response.writeHead(status).end();
}

/** The body; undefined for one that is too long. */
function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    request.on("data", (chunk: Uint8Array) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        chunks.length = 0;
        resolve(undefined);
      }
    });
    request.on("end", () => resolve(joinBytes(chunks, size)));
    request.on("error", reject);
    request.on("close", () => reject(new Error("The client left")));
  });
}
