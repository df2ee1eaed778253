// A chat that survives a reload: the server runs the answer independently of the page. The page disconnects in the
// middle, returns with its cursor, and reads the rest; a second answer is stopped.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { AiClient, provider } from "ai-lib";
import { readStream, StreamError } from "ai-lib/browser";
import { resumableStreams } from "ai-lib/ui";

const client = new AiClient(provider(process.env.DEFAULT_AI_MODEL ?? "openai"));
const streams = resumableStreams();

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const id = pathname.slice(1); // check here that the user may see this chat
  if (request.method === "POST") {
    const run = await streams.start(id, client.stream(searchParams.get("q") ?? "Hello"));
    await run.pipeTo(response);
  } else if (request.method === "GET") {
    const run = await streams.read(id, searchParams.get("after"));
    if (run === undefined) response.writeHead(204).end();
    else await run.pipeTo(response);
  } else response.end(JSON.stringify({ stopped: await streams.stop(id) }));
});
await new Promise<void>((resolve) => server.listen(Number(process.env.PORT ?? 0), resolve));
const base = `http://localhost:${(server.address() as AddressInfo).port}`;

const question = encodeURIComponent("Count from one to twenty, in words, and then back to one.");
const page = readStream(fetch(`${base}/1?q=${question}`, { method: "POST" }));
let text = "";
for await (const event of page) {
  if (event.type === "text-delta") text += event.text;
  if (text.length > 30) break; // the page is closed
}
console.log(`before the reload: ${text}`);

const again = readStream(fetch(`${base}/1?after=${page.cursor}`), { after: page.cursor });
for await (const piece of again.text) text += piece;
console.log(`after it: ${text}`);

const stopped = readStream(fetch(`${base}/2?q=${question}`, { method: "POST" }));
try {
  for await (const event of stopped)
    if (event.type === "text-delta") await (await fetch(`${base}/2`, { method: "DELETE" })).json();
} catch (error) {
  if (error instanceof StreamError) console.log(`${error.code}: ${error.message}`);
}
if (process.env.PORT === undefined) server.close();
