import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { bodyBytes, type Recording } from "./recordings.js";

/** Headers that describe the recorded connection and not the reply. */
const HOP_HEADERS = new Set([
  "content-length",
  "content-encoding",
  "transfer-encoding",
  "connection",
  "keep-alive",
]);

/** The headers of a recorded reply, as they may be sent again. */
export function replyHeaders(recording: Recording): Record<string, string> {
  return Object.fromEntries(
    Object.entries(recording.response.headers).filter(([name]) => !HOP_HEADERS.has(name.toLowerCase())),
  );
}

/** Serves recordings on loopback: the one at index `i` answers whatever is asked below `/i`. */
export async function replayServer(
  recordings: readonly Recording[],
): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const recording = recordings[Number(request.url?.split("/")[1])];
    request.resume();
    request.on("end", () => {
      if (recording === undefined) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(recording.response.status, replyHeaders(recording));
      response.end(bodyBytes(recording));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
