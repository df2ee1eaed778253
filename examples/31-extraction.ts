// Extraction: a nested object out of a text, checked against its schema. If the answer does not fit, the model is told
// what is wrong and asked once more; if it still does not fit, the error names each place.
import { AiClient, AiLibError, provider } from "ai-lib";
import { z } from "zod";

const client = new AiClient(provider(process.env.DEFAULT_AI_MODEL ?? "openai"));

const invoice = z.object({
  number: z.string(),
  issued: z.date(),
  currency: z.enum(["EUR", "USD"]),
  customer: z.object({ name: z.string(), email: z.email().nullable() }),
  lines: z.array(z.object({ what: z.string(), count: z.int().min(1), price: z.number() })),
  notes: z.record(z.string(), z.string()).default({}),
  discount: z.union([z.number(), z.literal("none")]).optional(),
});

const letter = `Invoice 2026-114 of 31 January 2026, for Ada Lovelace (ada@example.org):
one gear at 40 euros, two belts at 9.50 each. No discount.`;

try {
  const { object, repairs, usage } = await client.object(invoice, letter, { schemaName: "invoice" });
  console.log(object.customer.name, object.issued.getFullYear(), object.lines.length, "lines");
  console.log(`${usage.outputTokens > 0 ? "some" : "no"} tokens, ${repairs} repairs`);
} catch (error) {
  if (!AiLibError.is(error) || error.code !== "INVALID_RESPONSE") throw error;
  for (const { path, message, value } of error.issues) console.log(path.join("."), message, value);
}

// A list, item by item: each is checked as soon as it is complete.
const stream = client.streamObject(invoice.shape.lines, letter);
for await (const line of stream.elements) console.log("line", line.what, line.count * line.price);
console.log((await stream.object()).object.length, "in all");
