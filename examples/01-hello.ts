// One question, one answer. The first segment of the name is the provider, the rest its model; the key comes from
// the provider's variable, here OPENAI_API_KEY.
import { AiClient, provider } from "ai-lib";

const client = new AiClient(provider(process.env.DEFAULT_AI_MODEL ?? "openai"));

const answer = await client.chat("Why is the sky blue? One sentence.");

console.log(answer.text);
console.log(
  `${answer.provider}/${answer.model}: ${answer.usage.outputTokens} tokens, ${answer.finishReason}`,
);
