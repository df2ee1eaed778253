import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type ChatProvider, type DialectId, defineProvider } from "ai-lib";

/** A request that a provider got. */
export interface Recorded {
  readonly path: string;
  readonly body: string;
}

/** A server in place of a vendor, which answers every request with 400. */
export interface Recorder {
  /** Called with each request, before its answer. */
  onRequest: (request: Recorded) => unknown;
  provider(dialect: DialectId, model?: string): ChatProvider;
  close(): void;
}

/** What vendors have before the paths of their dialects. */
const BASES: Partial<Record<DialectId, string>> = { gemini: "/v1beta", "cohere-chat": "/v2" };

/** Starts one. */
export async function startRecorder(): Promise<Recorder> {
  const recorder: Recorder = {
    onRequest: () => undefined,
    provider: (dialect, model = "m") =>
      defineProvider(
        {
          id: "up",
          dialect,
          baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASES[dialect] ?? ""}`,
          auth: { style: "none" },
        },
        { environment: {}, model },
      ),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    await recorder.onRequest({ path: request.url ?? "", body });
    response.writeHead(400, { "content-type": "application/json" }).end('{"error":{"message":"no"}}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return recorder;
}
