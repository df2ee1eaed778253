// Many requests at half the price, answered within a day; a second run continues the job of the first.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AiClient, type BatchRow, provider } from "ai-lib";
import { folderBatches } from "ai-lib/batches";

const store = await folderBatches(join(tmpdir(), `ai-lib-batches-${process.pid}`));
const client = new AiClient(provider(process.env.DEFAULT_AI_MODEL ?? "openai"), { batches: { store } });

/** Rows may come from a file or a database: they are read one by one. */
async function* rows(): AsyncGenerator<BatchRow> {
  for (const word of ["sea", "sky", "stone"]) yield { id: word, request: `Rhyme with ${word}.` };
  yield { id: "vector", kind: "embed", request: { inputs: ["sea"] } };
}

const job = await client.batchJobs.submit(rows(), { idempotencyKey: "rhymes" });
for (const { provider: vendor, kind, rows: count, why } of job.parts)
  console.log(`${vendor}: ${count} of ${kind}, since ${why}`);

// A real vendor is polled every half minute, then less and less often.
const poll = { minMs: 50, maxMs: 200 };
for await (const result of client.batchJobs.results(job.id, { poll }))
  if (result.outcome !== "succeeded") console.log(result.id, result.error.message);
  else if (result.kind === "chat") console.log(result.id, result.response.text);
  else console.log(result.id, result.kind);

const { counts, cost } = await client.batchJobs.get(job.id);
console.log(`${counts.succeeded} answered, ${cost ?? "unknown"} dollars`);
await client.batchJobs.remove(job.id);
