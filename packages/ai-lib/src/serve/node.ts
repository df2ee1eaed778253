import type { IncomingMessage, ServerResponse } from "node:http";
import { joinBytes } from "../core/values/join-bytes.js";
import { answerRequest } from "./answer-request.js";
import type { ServeOptions } from "./options.js";
import type { OutputListener, ReplyOutput } from "./output.js";

/**
 * A listener for a `node:http` server that speaks dialects through their server halves.
 *
 * @example
 * const listener = serve({ halves: await serverHalves(), handle: (call) => relay(call, provider("openai")) });
 * createServer(listener).listen(8080);
 */
export function serve(
  options: ServeOptions<NodeOutput>,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const target = request.url ?? "/";
    const mark = target.indexOf("?");
    void answerRequest(
      options,
      {
        method: request.method ?? "GET",
        path: mark === -1 ? target : target.slice(0, mark),
        query: mark === -1 ? {} : Object.fromEntries(new URLSearchParams(target.slice(mark + 1))),
        headers: headersOf(request),
        body: (limit) => readBody(request, limit),
      },
      new NodeOutput(response),
    );
  };
}

/** The raw reply of a `node:http` server. */
export class NodeOutput implements ReplyOutput {
  private listener: OutputListener | undefined;

  constructor(readonly response: ServerResponse) {
    response.on("drain", () => this.listener?.drained());
    response.on("close", () => {
      if (!response.writableFinished) this.listener?.left();
    });
  }

  get begun(): boolean {
    return this.response.headersSent;
  }

  get closed(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  head(status: number, headers: Readonly<Record<string, string>>): boolean {
    if (!this.closed) this.response.writeHead(status, headers);
    return true;
  }

  flush(): void {
    if (!this.closed) this.response.flushHeaders();
  }

  write(chunk: string | Uint8Array): boolean {
    return this.closed || this.response.write(chunk);
  }

  end(chunk?: string | Uint8Array): void {
    if (this.closed) return;
    if (chunk === undefined || chunk.length === 0) this.response.end();
    else this.response.end(chunk);
  }

  destroy(): void {
    this.response.destroy();
  }

  listen(listener: OutputListener): void {
    this.listener = listener;
    if (this.response.destroyed) listener.left();
  }
}

function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const cookies = headers["set-cookie"];
  // The only header that Node does not join into one text.
  return cookies === undefined
    ? (headers as Record<string, string>)
    : { ...(headers as Record<string, string>), "set-cookie": cookies.join(", ") };
}

/** The body; undefined, as soon as it is known, for one that is too long. The rest is discarded. */
function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    let chunks: Uint8Array[] = [];
    let size = 0;
    request.on("data", (chunk: Uint8Array) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        chunks = [];
        resolve(undefined);
      }
    });
    request.on("end", () => resolve(joinBytes(chunks, size)));
    request.on("error", reject);
  });
}
