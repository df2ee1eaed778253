// A conversation is plain JSON, so you can store it, and continue it with another vendor. State that only one vendor
// can read (signatures, encrypted thinking) returns to that vendor and is left out for others.
import { AiClient, handoff, type Message, provider } from "ai-lib";

const claude = new AiClient(provider("anthropic"));
const gpt = new AiClient(provider("openai"));
const gemini = new AiClient(provider("google"));

let messages: Message[] = [
  { role: "system", content: "You are a patient guide." },
  { role: "user", content: "Where should I begin to read about stars?" },
];
const first = await claude.chat({ messages, reasoning: { effort: "low" }, maxTokens: 4096 });
messages.push(first.message, { role: "user", content: "And after that?" });

const second = await gpt.chat({ messages });
messages.push(second.message, { role: "user", content: "Thank you. Put it in one line." });
for (const { code, message } of second.warnings) console.log(`${code}: ${message}`);

// JSON in a file or a database loses nothing.
messages = JSON.parse(JSON.stringify(messages));

// `handoff` removes such state beforehand, turns readable thinking into text, and repairs interrupted turns.
const third = await gemini.chat({ messages: handoff(messages, { reasoning: "text" }) });
console.log([first, second, third].map((answer) => answer.provider).join(" -> "));
console.log(third.text);
