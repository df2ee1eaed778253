// Semantic search: texts are embedded once; a question finds the ones that are closest to it.
import { AiClient, ProviderFactory, provider } from "ai-lib";
import { nearest } from "ai-lib/kinds/similarity";

// A small corpus that every installation has: the kinds of calls of each provider.
const texts = ProviderFactory.ids().map((id) => {
  const { label, kinds } = ProviderFactory.describe(id, {});
  return `${label} answers calls of the kinds ${kinds.join(", ")}.`;
});

const client = new AiClient(provider(process.env["EMBEDDING_PROVIDER"] ?? "openai"));
// Long lists are sent in pieces; the vectors are in the order of the texts.
const { embeddings, usage, cost } = await client.embed({ inputs: texts });
console.log(`${texts.length} texts, ${usage.inputTokens} tokens, ${cost ?? "unknown"} dollars`);

const question = "Who reads documents?";
const asked = await client.embed({ inputs: [question] });
for (const { index, score } of nearest(asked.embeddings[0] ?? [], embeddings, 3))
  console.log(score.toFixed(3), texts[index]);
