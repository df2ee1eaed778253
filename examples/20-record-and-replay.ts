// Record and replay: the first client asks the provider and records its replies, the second one plays them. It has no
// key, and nothing is sent. Tests run like this, with the files of the recordings beside them.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AiClient, provider } from "ai-lib";
import { recorded } from "ai-lib/testing";

const folder = await mkdtemp(join(tmpdir(), "recordings-"));

async function story(client: AiClient): Promise<string> {
  let text = "";
  for await (const piece of client.stream("Tell me a story of one line.").text) text += piece;
  return text;
}

const first = new AiClient(provider("openai", { transport: recorded(folder) }));
console.log(`recorded: ${await story(first)}`);

// "replay" sends nothing: a request without a recording fails.
const transport = recorded(folder, { mode: "replay" });
const second = new AiClient(provider("openai", { apiKey: "unused", transport }));
console.log(`replayed: ${await story(second)}`);

const failed = await second.chat("Something else.").catch((error) => error);
console.log(`not recorded: ${failed.code}`);

for (const name of await readdir(folder)) {
  const { asked, replies } = JSON.parse(await readFile(join(folder, name), "utf8"));
  const frames = replies[0].frames ?? [];
  console.log(`${asked.method} ${asked.host}${asked.path}: ${asked.mode} of ${frames.length} frames`);
}
await rm(folder, { recursive: true });
