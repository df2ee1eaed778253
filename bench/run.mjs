import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fresh, start, upstream } from "./processes.mjs";
import { Table } from "./table.mjs";

/**
 * `npm run bench:clients`: measures every client against one local upstream, interleaved, round by round, in about
 * seven minutes. `--long` runs more and longer rounds (half an hour), `--quick` takes less than a minute for each
 * dialect. `--clients floor,ai-lib` and `--only "64 streams"` leave others out. A complete run writes its results,
 * unless it was a quick one.
 */
const here = new URL(".", import.meta.url).pathname;
const length = ["--quick", "--long"].find((name) => process.argv.includes(name)) ?? "usual";
const quick = length === "--quick";
/** Measured rounds, unmeasured rounds before them (to compile the code), and the scale of each task. */
const { rounds, warmUps, scale } = {
  "--quick": { rounds: 2, warmUps: 1, scale: 0.1 },
  usual: { rounds: 3, warmUps: 1, scale: 0.4 },
  "--long": { rounds: 5, warmUps: 2, scale: 1 },
}[length];

const only = argument("--only");
const wanted = argument("--clients")?.split(",");

const CLIENTS = {
  openai: [
    "floor",
    "ai-lib",
    "ai-lib-stack",
    "openai",
    "openai-ai-fetch",
    "vercel",
    "langchain",
    "pi-ai",
    "tanstack",
  ],
  anthropic: ["floor", "ai-lib", "ai-lib-stack", "anthropic"],
  gemini: ["floor", "ai-lib", "ai-lib-stack", "genai"],
};
const LABELS = {
  floor: "floor: node:http + JSON.parse",
  "ai-lib": "ai-lib, bare provider",
  "ai-lib-stack": "ai-lib, full stack",
  "openai-ai-fetch": "openai over aiFetch",
};

const FIRST = "time to first text (ms)";

/** Measurements that are repeated in long-lived processes. */
const UNARY = { task: "unary", count: Math.ceil(2560 * scale), parallel: 64 };
const WARM = {
  "unary, one at a time (us CPU per call)": { task: "unary", count: Math.ceil(1000 * scale), parallel: 1 },
  "unary, 64 at once (us CPU per call)": UNARY,
  "1 stream, 1 chunk per read (us CPU per chunk)": stream(1, 1, 1, 1000),
  "1 stream, 4 chunks per read (us CPU per chunk)": stream(1, 4, 1, 4000),
  "64 streams, 1 chunk per read (us CPU per chunk)": stream(64, 1, 4, 250),
  "64 streams, 4 chunks per read (us CPU per chunk)": stream(64, 4, 4, 1000),
  "64 streams, 16 chunks per read (us CPU per chunk)": stream(64, 16, 4, 1600),
  "64 streams, as fast as they come (us CPU per chunk)": stream(64, 1, 0, 1000),
  [FIRST]: { task: "first", count: Math.ceil(400 * scale) },
};
const CHOSEN = only === undefined ? WARM : chosen(WARM);
const OTHERS = [
  "unary, 64 at once (us CPU per call)",
  "64 streams, 1 chunk per read (us CPU per chunk)",
  "64 streams, 4 chunks per read (us CPU per chunk)",
  "64 streams, 16 chunks per read (us CPU per chunk)",
];

function stream(parallel, perRead, pace, chunks) {
  return {
    task: "stream",
    count: parallel,
    parallel,
    perRead,
    pace,
    chunks: perRead * Math.ceil((chunks * scale) / perRead),
  };
}

for (const [dialect, names] of Object.entries(CLIENTS))
  if (wanted !== undefined) CLIENTS[dialect] = names.filter((name) => wanted.includes(name));

function argument(name) {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}

function chosen(measures) {
  return Object.fromEntries(Object.entries(measures).filter(([title]) => title.includes(only)));
}

if (!existsSync(`${here}node_modules/openai`)) {
  console.log("Installing the clients to compare with (bench/package-lock.json)");
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });
}
if (!existsSync(`${here}../packages/ai-lib/dist/index.js`))
  throw new Error("Nothing is built: run `npm run build` first");

// Uses packages that were just installed.
const { bundleSize, footprint, versionOf } = await import("./footprint.mjs");
const server = await upstream();
const tables = [];
try {
  for (const [dialect, names] of Object.entries(CLIENTS)) tables.push(...(await warm(dialect, names)));
  if (only === undefined) {
    tables.push(...(await cold(CLIENTS.openai)));
    tables.push(await sizes(CLIENTS.openai));
  }
} finally {
  server.stop();
}
const text = await report();
console.log(text);
if (!quick && only === undefined && wanted === undefined) {
  // Other commands' sections are not changed.
  const [, ...others] = readFileSync(`${here}RESULTS.md`, "utf8").split(/^(?=<!-- section: )/m);
  writeFileSync(`${here}RESULTS.md`, [text, ...others].join("\n"));
}

/**
 * Measures CPU time in processes that live through all measurements. The rounds of one measurement follow each other,
 * and each client runs once in every round: if measurements alternated, V8 would discard the code of one while others
 * run.
 */
async function warm(dialect, names) {
  const measures = Object.entries(CHOSEN).filter(([title]) => dialect === "openai" || OTHERS.includes(title));
  const workers = await Promise.all(names.map((name) => start(name, server.url)));
  const made = [];
  for (const [title, options] of measures) {
    const table = new Table(`${dialect}: ${title}`, names, title === FIRST);
    for (let round = -warmUps; round < rounds; round++) {
      for (let i = 0; i < names.length; i++) {
        const at = (i + round + warmUps) % names.length;
        const value = await workers[at].ask({ ...options, dialect });
        if (round >= 0) table.add(names[at], value);
      }
    }
    made.push(table);
    console.error(`${dialect}: ${title}`);
  }
  for (const worker of workers) worker.stop();
  return made;
}

/** Measurements that are possible only once in a process. */
async function cold(names) {
  const tables = {
    importMs: new Table("import (ms, beyond starting Node)", names.slice(1)),
    importCpu: new Table("import (ms CPU, beyond starting Node)", names.slice(1)),
    replyMs: new Table("cold start to first reply (ms, process start included)", names),
    replyCpu: new Table("cold start to first reply (ms CPU, process start included)", names),
    peak: new Table("peak memory, 64 streams of 1,000 chunks (MiB)", names),
    idleRss: new Table("memory of one open idle stream, of 1,000: resident (KiB)", names, true),
    idleHeap: new Table("memory of one open idle stream, of 1,000: heap and buffers (KiB)", names, true),
  };
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      if (name !== "floor") {
        const loaded = await fresh("import", name, server.url);
        tables.importMs.add(name, loaded.ms);
        tables.importCpu.add(name, loaded.cpu);
      }
      const replied = await fresh("reply", name, server.url);
      tables.replyMs.add(name, replied.ms);
      tables.replyCpu.add(name, replied.cpu);
      const busy = await start(name, server.url);
      await busy.ask({ ...stream(64, 1, 4, 1000), dialect: "openai" });
      tables.peak.add(name, (await busy.ask({ task: "peak" })) / 2 ** 20);
      busy.stop();
      const idle = await start(name, server.url);
      const held = await idle.ask({ task: "idle", count: quick ? 250 : 1000, dialect: "openai" });
      tables.idleRss.add(name, held.rss / 1024);
      tables.idleHeap.add(name, held.heap / 1024);
      idle.stop();
    }
    console.error(`cold: round ${round + 1} of ${rounds}`);
  }
  return Object.values(tables);
}

async function sizes(names) {
  const rows = [];
  for (const name of names) {
    if (name === "floor" || name === "ai-lib-stack") continue;
    const { packages } = await import(`./clients/${name}.mjs`);
    const { count, bytes } = footprint(packages);
    const bundle = await bundleSize(name);
    rows.push(
      `| ${name === "openai-ai-fetch" ? LABELS[name] : packages.join(" + ")} | ${count} | ${(bytes / 2 ** 20).toFixed(1)} | ${(bundle.first / 1024).toFixed(0)} | ${(bundle.all / 1024).toFixed(0)} |`,
    );
  }
  return {
    markdown: () =>
      [
        "### size",
        "",
        "| client | packages installed | MiB installed | KiB of a minified bundle, loaded at once | with what it loads later |",
        "|---|--:|--:|--:|--:|",
        ...rows,
      ].join("\n"),
  };
}

async function report() {
  const packages = new Set();
  for (const name of new Set(Object.values(CLIENTS).flat()))
    for (const one of (await import(`./clients/${name}.mjs`)).packages) packages.add(one);
  const versions = [...packages].map((one) => `${one} ${versionOf(one)}`).join(", ");
  return [
    "# How fast, beside others",
    "",
    `Written by \`npm run build && npm run bench\`${length === "--long" ? " with `--long`" : ""} on ${new Date().toISOString().slice(0, 10)}. ${rounds} rounds after ${warmUps} to warm up; every client in a process of its own against one local upstream (\`bench/upstream.mjs\`), one after the other within each round, with an unmeasured quarter of each task before it; median of the rounds, [lowest to highest], and the ratio to the floor. CPU time is the client process's whole, garbage collection and compilation included.`,
    "",
    `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? "unknown"}. ${versions}.`,
    "",
    "The full stack is a client with failover over two members, retry, timeouts, a circuit breaker and an observer. pi-ai and TanStack AI have no unary call of their own: they read a stream, which here comes in one piece.",
    "",
    ...tables.flatMap((table) => [table.markdown(LABELS), ""]),
  ].join("\n");
}
