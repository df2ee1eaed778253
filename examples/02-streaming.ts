// An answer as it arrives. Nothing is sent until you read the stream; leaving the loop closes the connection.
import { AiClient, provider } from "ai-lib";

const client = new AiClient(provider(process.env.DEFAULT_AI_MODEL ?? "openai"));

const stream = client.stream("Count from one to ten, in words.");
for await (const text of stream.text) process.stdout.write(text);

// The same stream has the whole answer at its end, without a second request.
const { usage } = await stream.response();
console.log(`\n(${usage.inputTokens} tokens in, ${usage.outputTokens} out)`);

// Every event, if the text is not enough.
for await (const event of client.stream("Say it again.")) {
  if (event.type === "text-delta") process.stdout.write(event.text);
  if (event.type === "finish") console.log(`\nfinished: ${event.response.finishReason}`);
}
