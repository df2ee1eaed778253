// If the first provider is slow to begin, a second one is asked as well: the first one with content wins, and the other
// connection is closed.
import { AiClient, hedged, provider } from "ai-lib";

const client = new AiClient(hedged([provider("openai"), provider("groq")], { afterMs: 100 }));

const stream = client.stream("Who is quicker?");
for await (const text of stream.text) process.stdout.write(text);

const { attempts } = await stream.response();
console.log();
for (const { target, outcome, firstContentMs } of attempts)
  console.log(
    `${target.provider}: ${outcome}`,
    firstContentMs === undefined ? "no content" : "had content first",
  );
