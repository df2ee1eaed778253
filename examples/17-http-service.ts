// A small HTTP service that streams to a browser: events as lines of JSON. If the browser disconnects, the connection
// to the provider is closed too; if it reads slowly, the provider is read slowly.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { AiClient, provider, type StreamEvent } from "ai-lib";

const client = new AiClient(provider(process.env.DEFAULT_AI_MODEL ?? "openai"));

const server = createServer((request, response) => {
  const question = new URL(request.url ?? "/", "http://localhost").searchParams.get("q") ?? "Hello";
  void client.stream(question).pipeTo(response);
});
await new Promise<void>((resolve) => server.listen(Number(process.env.PORT ?? 0), resolve));
const url = `http://localhost:${(server.address() as AddressInfo).port}/?q=Good+evening`;
console.log(`listening on a port; a browser would read it so:`);

// The code of a page; it is the same in every browser.
const reply = await fetch(url);
let rest = "";
for await (const bytes of reply.body ?? []) {
  const lines = (rest + Buffer.from(bytes).toString()).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const event: StreamEvent = JSON.parse(line);
    if (event.type === "text-delta") process.stdout.write(event.text);
    if (event.type === "finish") console.log(`\n${event.response.usage.outputTokens} tokens`);
  }
}

// With a port, the server keeps running: PORT=8080 node 17-http-service.js
if (process.env.PORT === undefined) server.close();
