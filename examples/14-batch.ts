// Many questions, a few at a time, in order. A failure affects only its own item.
import { AiClient, provider } from "ai-lib";

const client = new AiClient(provider(process.env.DEFAULT_AI_MODEL ?? "openai"));

const words = ["sea", "sky", "stone", "", "fire"];
const items = await client.batch(
  words.map((word) => ({ messages: word === "" ? [] : [{ role: "user", content: `Rhyme with ${word}.` }] })),
  { concurrency: 2, onItem: (_item, done, total) => console.log(`${done} of ${total}`) },
);

for (const { index, response, error } of items)
  console.log(index, response === undefined ? `${error.code}: ${error.message}` : response.text);
