import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { rolldown } from "rolldown";
import { AiClient } from "../../src/client/ai-client.js";
import { defineTool } from "../../src/client/tool.js";
import type { EventFormat } from "../../src/core/contract/stream.js";
import { resumableStreams } from "../../src/interop/ui/index.js";
import { provider } from "../../src/providers/spec.js";
import type { Simulator } from "../../src/testing/simulator.js";

/** A page that keeps its place in `sessionStorage`, with what a real chat has: an output, a log of tools, two buttons. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>chat</title>
<button id="send">send</button><button id="stop">stop</button>
<p id="text"></p><p id="tools"></p><p id="state">idle</p>
<script type="module">
import { readStream } from "/ai-lib-browser.js";
const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const url = () => "/chat/" + sessionStorage.id + "?format=" + (query.get("format") ?? "ndjson");
async function show(reader) {
  $("state").textContent = "running";
  try {
    for await (const event of reader) {
      if (event.type === "text-delta") $("text").textContent += event.text;
      if (event.type === "tool-progress") $("tools").textContent += event.name + " " + JSON.stringify(event.progress) + ";";
      if (event.type === "tool-end") $("tools").textContent += event.name + " done;";
      sessionStorage.text = $("text").textContent;
      sessionStorage.cursor = reader.cursor;
    }
    $("state").textContent = "done";
  } catch (error) {
    $("state").textContent = error.code + ": " + error.message;
  }
  delete sessionStorage.id;
}
const resume = (cursor) => fetch(url() + "&after=" + cursor);
$("send").onclick = () => {
  sessionStorage.id = crypto.randomUUID();
  $("text").textContent = "";
  show(readStream(fetch(url(), { method: "POST", body: query.get("q") ?? "Hello" }), { resume, resumeAfterMs: 50 }));
};
$("stop").onclick = () => fetch(url(), { method: "DELETE" });
if (sessionStorage.id) {
  $("text").textContent = sessionStorage.text ?? "";
  const after = Number(sessionStorage.cursor ?? 0);
  show(readStream(resume(after), { resume, after, resumeAfterMs: 50 }));
}
</script>`;

/** A page without a line of ai-lib. */
const EVENT_SOURCE_PAGE = `<!doctype html><meta charset="utf-8"><p id="text"></p><p id="state"></p><script>
const source = new EventSource("/stream?format=sse");
source.onmessage = ({ data }) => {
  const event = JSON.parse(data);
  if (event.type === "text-delta") text.textContent += event.text;
  if (event.type === "finish") { source.close(); state.textContent = "done"; }
};
</script>`;

/** A tool that reports how far it is. */
const search = defineTool({
  name: "search",
  parameters: { type: "object", properties: { words: { type: "string" } }, required: ["words"] },
  async *execute() {
    yield { percent: 50 };
    yield { percent: 90 };
    return "found it";
  },
});

/** The server of a chat page, before a model that a simulator plays. */
export async function startChatServer(simulator: Simulator) {
  const client = new AiClient(
    provider("openai", {
      apiKey: "simulated",
      baseUrl: `${simulator.baseUrl("model")}/v1`,
      model: "simulated",
    }),
    { maxRepeats: 0 },
  );
  const streams = resumableStreams();
  const bundle = await rolldown({ input: new URL("../../src/browser/index.ts", import.meta.url).pathname });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  const files: Record<string, readonly [type: string, body: string]> = {
    "/": ["text/html", PAGE],
    "/source": ["text/html", EVENT_SOURCE_PAGE],
    "/ai-lib-browser.js": ["text/javascript", output[0].code],
  };
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const format = (url.searchParams.get("format") ?? "ndjson") as EventFormat;
    const file = files[url.pathname];
    if (file !== undefined) {
      response.writeHead(200, { "content-type": file[0] }).end(file[1]);
      return;
    }
    if (url.pathname === "/stream") {
      await client.stream("Hello from an event source").pipeTo(response, { format });
      return;
    }
    const id = url.pathname.slice("/chat/".length);
    if (request.method === "POST") {
      let question = "";
      for await (const chunk of request) question += chunk;
      const tools = question.includes("search") ? [search] : [];
      await (await streams.start(id, client.runTools(question, tools))).pipeTo(response, { format });
    } else if (request.method === "GET") {
      const run = await streams.read(id, url.searchParams.get("after"));
      if (run === undefined) response.writeHead(204).end();
      else await run.pipeTo(response, { format });
    } else response.end(JSON.stringify({ stopped: await streams.stop(id) }));
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Breaks every connection to a page, as a network does. */
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      await streams.close();
      server.close();
      server.closeAllConnections();
      await client.close();
    },
  };
}
