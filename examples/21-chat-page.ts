// A chat page without a framework: the server streams a run of tools, and the page shows text and progress as they
// arrive. PORT=8080 node 21-chat-page.js, and open http://localhost:8080
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { AiClient, defineTool, provider } from "ai-lib";
import { readStream } from "ai-lib/browser";

const client = new AiClient(provider(process.env.DEFAULT_AI_MODEL ?? "openai"));

const search = defineTool({
  name: "search",
  parameters: { type: "object", properties: { words: { type: "string" } }, required: ["words"] },
  async *execute() {
    yield "reading page 1 of 2";
    yield "reading page 2 of 2";
    return "It will rain.";
  },
});

const PAGE = `<!doctype html><meta charset="utf-8"><form><input name="q"><button>Ask</button></form><pre></pre>
<script type="module">
import { readStream } from "/ai-lib/browser/index.js";
const out = document.querySelector("pre");
document.querySelector("form").onsubmit = async (event) => {
  event.preventDefault();
  out.textContent = "";
  const body = new FormData(event.target).get("q");
  for await (const sent of readStream(fetch("/chat", { method: "POST", body }))) {
    if (sent.type === "tool-progress") out.append("(" + sent.progress + ")\\n");
    if (sent.type === "text-delta") out.append(sent.text);
  }
};
</script>`;

/** The reader for the page; usually a bundler puts it into the page. */
const LIBRARY = /^\/ai-lib\/(?:browser|chunks)\/[\w-]+\.js$/;

const server = createServer(async (request, response) => {
  if (request.method === "POST") {
    let question = "";
    for await (const chunk of request) question += chunk;
    await client.runTools(question, [search]).pipeTo(response);
  } else if (LIBRARY.test(request.url ?? "")) {
    const file = new URL(`..${request.url?.slice("/ai-lib".length)}`, import.meta.resolve("ai-lib/browser"));
    response.writeHead(200, { "content-type": "text/javascript" }).end(await readFile(file));
  } else response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
});
await new Promise<void>((resolve) => server.listen(Number(process.env.PORT ?? 0), resolve));

// The code of the page, here without a browser.
const url = `http://localhost:${(server.address() as AddressInfo).port}/chat`;
for await (const sent of readStream(fetch(url, { method: "POST", body: "Will it rain?" }))) {
  if (sent.type === "tool-progress") console.log(`(${sent.progress})`);
  if (sent.type === "text-delta") process.stdout.write(sent.text);
}
console.log();
if (process.env.PORT === undefined) server.close();
