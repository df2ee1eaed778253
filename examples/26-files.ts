// The file store of a provider: a file is uploaded as a stream, listed, read back and deleted. A document for the model
// is uploaded once, however many messages refer to it.
import { AiClient, provider } from "ai-lib";

const client = new AiClient(provider("openai"));

/** The lines of a file, generated while they are sent: the whole file is never in memory. */
async function* rows(): AsyncGenerator<Uint8Array> {
  for (const [i, question] of ["Why is the sky blue?", "How high is it?"].entries())
    yield new TextEncoder().encode(`${JSON.stringify({ custom_id: String(i), question })}\n`);
}

const file = await client.files.upload(
  { content: rows(), filename: "rows.jsonl", mediaType: "application/jsonl" },
  { purpose: "batch", expiresAfterMs: 86_400_000 },
);
const hours = ((file.expiresAt ?? 0) - (file.createdAt ?? 0)) / 3_600_000;
console.log(`${file.filename}: ${file.size} bytes, ${file.state}, for ${hours} hours`);

for await (const { filename, purpose } of client.files.list()) console.log(`listed ${filename} (${purpose})`);

let lines = 0;
for await (const piece of await client.files.content(file))
  lines += Buffer.from(piece).filter((byte) => byte === 10).length;
console.log(`read ${lines} lines`);

await client.files.delete(file);
await client.files.get(file).catch(({ code, status }) => console.log(`gone: ${code} ${status}`));

const report = Buffer.from("%PDF-1.4\n%%EOF\n");
const first = await client.uploadFile(report, { name: "report.pdf" });
const second = await client.uploadFile(report, { name: "report.pdf" });
console.log(`uploaded once: ${first.id === second.id}`);
