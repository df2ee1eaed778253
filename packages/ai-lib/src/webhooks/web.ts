import { readBody } from "../serve/web.js";
import { type WebhookOptions, WebhookReceiver } from "./receiver.js";

/**
 * A handler from `Request` to `Response` that receives webhooks: for Hono, Next.js, Deno, Bun and workers.
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option, or one out of range.
 */
export function serveWebhooksWeb(options: WebhookOptions): (request: Request) => Promise<Response> {
  const receiver = new WebhookReceiver(options);
  return async (request) => {
    if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "POST" } });
    const body = await readBody(request.body, receiver.maxBodyBytes);
    if (body === undefined) return new Response(null, { status: 413 });
    const headers = Object.fromEntries(request.headers);
    return new Response(null, { status: await receiver.receive({ headers, body }) });
  };
}
