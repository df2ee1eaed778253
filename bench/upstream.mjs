import { createServer } from "node:http";
import { canned } from "./bytes.mjs";

/**
 * The server that every client is measured against: `node:http`, canned bytes, no work per chunk. The path says how it
 * answers: `/<chunks>/<per read>/<pace in ms>/<rest>`. It runs as a child process and sends its port to the parent.
 *
 * A tick writes the next chunks of every open stream, so that many streams are interleaved, as those of a vendor are. A
 * pace of 0 writes as fast as the event loop turns; `hold` sends the first chunk and then nothing.
 */
/** Open streams by pace. One timer for each pace serves them all. */
const ticking = new Map();

function tick(pace, streams) {
  for (const stream of streams) {
    if (stream.left <= 0) {
      streams.delete(stream);
      stream.response.end(stream.bytes.tail);
    } else {
      stream.left -= stream.perRead;
      const { groups } = stream.bytes;
      stream.response.write(groups[stream.written++ % groups.length]);
    }
  }
  if (streams.size === 0) ticking.delete(pace);
  else if (pace === 0) setImmediate(tick, pace, streams);
  else setTimeout(tick, pace, pace, streams);
}

const server = createServer((request, response) => {
  const [, chunksText, perReadText, paceText, ...rest] = request.url.split("/");
  const chunks = Number(chunksText);
  const perRead = Number(perReadText);
  const path = rest.join("/");
  let body = "";
  request.setEncoding("latin1");
  request.on("data", (piece) => {
    body += piece;
  });
  request.on("end", () => {
    const dialect = path.includes("messages")
      ? "anthropic"
      : path.includes("enerateContent")
        ? "gemini"
        : path.includes("responses")
          ? "responses"
          : "openai";
    const bytes = canned(dialect, chunks, perRead);
    if (!path.includes("streamGenerateContent") && !body.includes('"stream":true')) {
      response.writeHead(200, { "content-type": "application/json", "content-length": bytes.whole.length });
      response.end(bytes.whole);
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    if (bytes.head.length > 0) response.write(bytes.head);
    if (paceText === "cooldown") {
      response.write(bytes.one);
      return;
    }
    const pace = Number(paceText);
    let streams = ticking.get(pace);
    if (streams === undefined) {
      streams = new Set();
      ticking.set(pace, streams);
      if (pace === 0) setImmediate(tick, pace, streams);
      else setTimeout(tick, pace, pace, streams);
    }
    const stream = { response, bytes, left: chunks, perRead, written: 0 };
    streams.add(stream);
    response.on("close", () => streams.delete(stream));
  });
});
server.keepAliveTimeout = 600_000;
server.listen(0, "127.0.0.1", 4096, () => process.send({ port: server.address().port }));
process.on("disconnect", () => process.exit());
