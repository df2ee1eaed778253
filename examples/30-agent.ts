// An agent: three tools, a stream of events, and a tool that waits for approval. The run pauses, its state is stored as
// JSON, and it continues after the decision, as another process could do days later.
import { AiClient, defineTool, provider, type ToolRunState } from "ai-lib";

const client = new AiClient(provider(process.env.DEFAULT_AI_MODEL ?? "openai"));
const text = { type: "object", properties: { order: { type: "string" } }, required: ["order"] };

const find = defineTool({
  name: "find_order",
  description: "Finds an order by its number",
  parameters: text,
  execute: () => ({ order: "7", total: 120, paid: true }),
});

const stock = defineTool({
  name: "check_stock",
  description: "Looks in every warehouse for the goods of an order",
  parameters: text,
  async *execute() {
    for (const warehouse of ["Lisbon", "Porto"]) yield { looked: warehouse };
    return "Two are left in Porto";
  },
});

const refund = defineTool({
  name: "refund",
  description: "Refunds an order",
  parameters: text,
  timeoutMs: 10_000,
  execute: () => "Refunded",
});

const tools = [find, stock, refund];
const approve = ({ name }: { name: string }) => (name === "refund" ? "pause" : true);

const run = client.runTools("Order 7 came broken. Refund it, or send another one.", tools, { approve });
for await (const event of run) {
  if (event.type === "text-delta") process.stdout.write(event.text);
  if (event.type === "tool-start") console.log(`${event.name} begins`);
  if (event.type === "tool-progress") console.log(`${event.name}:`, JSON.stringify(event.progress));
  if (event.type === "approval-request") console.log(`${event.name} waits for approval`);
}
const { outcome, pending, state } = await run;
console.log(outcome, pending.map(({ name }) => name).join());

const stored = JSON.stringify(state);
const resume: ToolRunState = JSON.parse(stored);
const approvals = Object.fromEntries(pending.map(({ id }) => [id, { approved: true }]));
const rest = await client.runTools({ resume, approvals }, tools, { approve });
console.log(rest.outcome, rest.response.text);
console.log(`${rest.usage.inputTokens + rest.usage.outputTokens} tokens in ${rest.rounds.length + 1} rounds`);
