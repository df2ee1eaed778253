// A conversation is plain JSON, so it can be stored, and begun with one vendor and carried on with another. State
// that only one vendor can read (signatures, encrypted thoughts) goes back to that vendor and is left out elsewhere.
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

// Through a file or a database and back: nothing is lost.
messages = JSON.parse(JSON.stringify(messages));

// `handoff` takes such state out beforehand, keeps readable thoughts as text, and mends what was interrupted.
const third = await gemini.chat({ messages: handoff(messages, { reasoning: "text" }) });
console.log([first, second, third].map((answer) => answer.provider).join(" -> "));
console.log(third.text);
