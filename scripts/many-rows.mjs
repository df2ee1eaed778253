// Runs a batch job with a given number of rows against the simulator. Its process is killed twice: while it sends and
// while it reads the results. Every row must have one result and must have been sent once. Build first.
// usage: npm run many-rows -- 1000000
import { fork } from "node:child_process";
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { folderBatches } from "../packages/ai-lib/dist/batches/index.js";
import { AiClient, defineProvider } from "../packages/ai-lib/dist/index.js";

const ROWS_OF_A_BATCH = 50_000;
const [command = "20000", ...given] = process.argv.slice(2);
if (command === "--worker") await work(...given);
else await campaign(Number(command));

/** The process that is killed: submits, and writes the number of every result into a file. */
async function work(baseUrl, folder, output, rows, most) {
  let peak = 0;
  const sample = () => {
    peak = Math.max(peak, process.memoryUsage().rss);
  };
  setInterval(sample, 100).unref();
  const vendor = defineProvider(
    {
      id: "labs",
      dialect: "openai-chat",
      baseUrl,
      model: "some-model",
      files: { path: "/files", api: "openai", maxBytes: 512_000_000, purpose: null },
      batches: {
        api: "openai-batches",
        kinds: ["chat"],
        rows: Number(most),
        bytes: 200_000_000,
        windows: [24],
      },
    },
    { apiKey: "key" },
  );
  const { batchJobs } = new AiClient(vendor, { batches: { store: await folderBatches(folder) } });
  function* items() {
    for (let i = 0; i < Number(rows); i++) yield { id: `row ${i}`, request: `Question ${i}` };
  }
  const job = await batchJobs.submit(items(), { idempotencyKey: "many rows" });
  process.send({ type: "sent", parts: job.parts.length, peak });
  const file = createWriteStream(output);
  let results = 0;
  for await (const { index, outcome } of batchJobs.results(job.id, { poll: { minMs: 200, maxMs: 1_000 } })) {
    if (!file.write(`${index} ${outcome}\n`)) await new Promise((resolve) => file.once("drain", resolve));
    if (++results % 1_000 === 0) process.send({ type: "results", results });
  }
  await new Promise((resolve) => file.end(resolve));
  sample();
  process.send({ type: "done", peak });
}

async function campaign(rows) {
  const { startSimulator } = await import("../packages/ai-lib/dist/testing/index.js");
  const simulator = await startSimulator({
    answer: () => ({ content: [{ type: "text", text: "An answer" }] }),
  });
  const folder = mkdtempSync(join(tmpdir(), "ai-lib-many-rows-"));
  const output = join(folder, "results.txt");
  const most = Math.min(ROWS_OF_A_BATCH, Math.ceil(rows / 10));
  const parts = Math.ceil(rows / most);
  const started = performance.now();
  try {
    const vendor = simulator.batches("labs");
    // The first time when some parts are sent, the second time when some results are read.
    await run(() => vendor.all().length >= Math.ceil(parts / 2));
    console.log(`killed while it sent: ${vendor.all().length} of ${parts} batches`);
    let read = 0;
    await run((message) => {
      read = message?.type === "results" ? message.results : read;
      return read >= rows / 3;
    });
    console.log(`killed while it read the results: ${read} of ${rows}`);
    const { peak } = await run(() => false);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const seen = new Uint8Array(rows);
    let twice = 0;
    for await (const line of createInterface({ input: createReadStream(output) })) {
      const [index, outcome] = line.split(" ");
      if (outcome !== "succeeded") throw new Error(`row ${index} ended as ${outcome}`);
      if (seen[Number(index)]++ > 0) twice++;
    }
    const missing = seen.filter((each) => each === 0).length;
    const sent = vendor.all().reduce((sum, { counts }) => sum + counts.total, 0);
    console.log(
      JSON.stringify({
        rows,
        missing,
        twice,
        sent,
        batches: vendor.all().length,
        peakMB: Math.round(peak / 1e6),
        seconds,
      }),
    );
    if (missing + twice > 0 || sent !== rows)
      throw new Error("Not every row was sent once and has one result");
  } finally {
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }

  /** Runs the worker until it is done, or kills it when `isTime` returns true. */
  function run(isTime) {
    const url = `${simulator.baseUrl("labs")}/v1`;
    const worker = fork(
      fileURLToPath(import.meta.url),
      ["--worker", url, join(folder, "jobs"), output, String(rows), String(most)],
      { stdio: ["ignore", "inherit", "inherit", "ipc"], execArgv: [] },
    );
    return new Promise((resolve, reject) => {
      let last = {};
      let killed = false;
      const look = (message) => {
        if (killed || !isTime(message)) return;
        killed = true;
        worker.kill("SIGKILL");
      };
      const timer = setInterval(look, 5);
      worker.on("message", (message) => {
        last = message;
        look(message);
      });
      worker.on("exit", (code) => {
        clearInterval(timer);
        if (killed || code === 0) resolve(last);
        else reject(new Error(`The worker ended with ${code}`));
      });
    });
  }
}
