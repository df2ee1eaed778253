// Spread calls over providers: in turn, or by weight. A failure moves on to the others.
import { AiClient, provider, RoutingStrategyBuilder, roundRobin, weighted } from "ai-lib";

const groq = provider("groq");
const together = provider("together");

const inTurn = new AiClient(roundRobin([groq, together]));
for (const question of ["one", "two", "three", "four"]) {
  const { provider: by } = await inTurn.chat(question);
  console.log(`${question}: ${by}`);
}

// Three of four calls go to groq, evenly distributed.
const byWeight = new AiClient(roundRobin([{ provider: groq, weight: 3 }, together]));
const counts: Record<string, number> = {};
for (let i = 0; i < 8; i++) {
  const { provider: by } = await byWeight.chat(`question ${i}`);
  counts[by] = (counts[by] ?? 0) + 1;
}
console.log(counts);

// The same, step by step. `weighted` can also choose at random, so that many processes do not choose the same member at
// the same time.
const built = new RoutingStrategyBuilder()
  .withProvider(groq)
  .withWeight(3)
  .withProvider(together)
  .buildRoundRobin();
console.log(built.name, weighted([{ provider: groq, weight: 3 }, together], { pick: "random" }).name);
