// Spread calls over providers: in turn, or by weight. A failure moves on to the others.
import { AiClient, provider, RoutingStrategyBuilder, roundRobin, weighted } from "ai-lib";

const groq = provider("groq");
const together = provider("together");

const inTurn = new AiClient(roundRobin([groq, together]));
for (const question of ["one", "two", "three", "four"]) {
  const { provider: by } = await inTurn.chat(question);
  console.log(`${question}: ${by}`);
}

// Three calls of four for groq, dealt evenly: never three in a row and then the other.
const byWeight = new AiClient(weighted([{ provider: groq, weight: 3 }, together]));
const counts: Record<string, number> = {};
for (let i = 0; i < 8; i++) {
  const { provider: by } = await byWeight.chat(`question ${i}`);
  counts[by] = (counts[by] ?? 0) + 1;
}
console.log(counts);

// The same, step by step.
const built = new RoutingStrategyBuilder()
  .withProvider(groq)
  .withWeight(3)
  .withProvider(together)
  .buildWeighted();
console.log(built.name);
