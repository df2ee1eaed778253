import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Transport } from "../../src/core/contract/transport.js";
import { nodeTransport } from "../../src/wire/transport-node.js";
import type { MemoryReply } from "./memory-transport.js";

const replies: MemoryReply[] = [];

/** Headers that Node's server writes for what it sends. */
const OWN: ReadonlySet<string> = new Set([
  "content-length",
  "transfer-encoding",
  "content-encoding",
  "connection",
]);

const server = createServer((request, response) => {
  const reply = replies[Number(request.headers["x-reply"])];
  request.resume();
  request.on("end", () => {
    if (reply === undefined) {
      response.writeHead(404).end();
      return;
    }
    const headers = Object.entries(reply.headers).filter(([name]) => !OWN.has(name.toLowerCase()));
    response.writeHead(reply.status, Object.fromEntries(headers));
    // Two pieces, so that a reply does not come whole.
    const half = Math.floor(reply.body.length / 2);
    response.write(reply.body.subarray(0, half));
    response.end(reply.body.subarray(half));
  });
});

const node = nodeTransport();

/** Requests that went over a socket. */
export const count = { requests: 0 };

/** Begins to listen. */
export async function listen(): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}

/** Stops listening. */
export async function close(): Promise<void> {
  await node.close?.();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** In place of `memory-transport.ts`: every request goes over a socket to a server that answers with the same bytes. */
export function memoryTransport(reply: MemoryReply): Transport {
  const id = replies.push(reply) - 1;
  return {
    open(request, sink) {
      count.requests++;
      const url = new URL(request.url);
      url.protocol = "http:";
      url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      const headers = { ...request.headers, "x-reply": String(id) };
      return node.open({ ...request, url: url.href, headers }, sink);
    },
  };
}
