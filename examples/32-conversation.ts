// A conversation as plain JSON: stored, read again, shortened for a model with a small window, and forked.
import { AiClient, provider } from "ai-lib";
import { append, fork, readConversation, startConversation, summarize, trim } from "ai-lib/conversation";

const client = new AiClient(provider(process.env.DEFAULT_AI_MODEL ?? "openai"));

let conversation = startConversation({ system: "Be brief.", metadata: { user: "ada" } });
for (const question of ["Why is the sky blue?", "And at night?", "And on Mars?"]) {
  conversation = append(conversation, question);
  conversation = append(conversation, await client.chat({ messages: conversation.messages }));
}

// Every later version reads stored conversations.
const stored = JSON.stringify(conversation);
const later = readConversation(JSON.parse(stored));
console.log(later.messages.length, "messages of", later.metadata?.user);

// The oldest turns go first; a call never loses its result.
const shorter = await trim(later, { maxTokens: 40 });
console.log(shorter.messages.length, "are left:", shorter.messages.map(({ role }) => role).join(" "));

// Or another model writes a summary of them.
const { conversation: short, response } = await summarize(later, provider("groq"), { keepTurns: 1 });
console.log(response?.provider, "summarized;", short.messages.length, "are left");

const other = append(fork(later, { at: 3 }), "And at dawn?");
console.log("forked at", other.forkOf?.messages, "->", other.messages.length);
