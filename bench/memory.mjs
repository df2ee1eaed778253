import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { canned } from "./bytes.mjs";
import { DIALECTS, request } from "./clients/ai-lib.mjs";
import { fullStack } from "./clients/ai-lib-stack.mjs";
import { writeSection } from "./section.mjs";
import { quantile } from "./table.mjs";

/**
 * `npm run bench:memory`: CPU time of a chunk and of a call over a transport in memory, so that neither sockets nor
 * other processes disturb the measurement. 64 streams run at the same time and are read with `for await`. For
 * comparison, the table has the time of `JSON.parse` for the same bytes. `--streams-first` measures whole answers in a
 * process that has streamed before, `--dist <folder>` another build, `--results` writes a section of
 * `bench/RESULTS.md`.
 */
const CHUNKS = 400;
const STREAMS = 64;
const CALLS = 2000;
const WARM_UPS = 6;
const BLOCKS = 15;
const TITLE = "In memory";

const at = process.argv.indexOf("--dist");
const dist = at === -1 ? new URL("../packages/ai-lib/dist", import.meta.url).pathname : process.argv[at + 1];
if (!existsSync(`${dist}/index.js`)) throw new Error("Nothing is built: run `npm run build` first");
const { AiClientBuilder, defineProvider } = await import(`${dist}/index.js`);

/** Passes one piece to an exchange in each turn of the event loop, each in a callback of its own, as sockets do. */
function transportOf(bytes, perRead) {
  const pieces = [bytes.head, ...groupsOf(bytes, perRead), bytes.tail].filter(({ length }) => length > 0);
  const streams = perRead > 0;
  const list = streams ? pieces : [bytes.whole];
  const headers = { "content-type": streams ? "text/event-stream" : "application/json" };
  return {
    open(_request, sink) {
      let next = 0;
      const step = () => {
        if (next === 0) sink.head(200, headers);
        sink.data(list[next++]);
        if (next < list.length) setImmediate(step);
        else sink.end();
      };
      setImmediate(step);
      return { pause() {}, resume() {}, abort() {} };
    },
  };
}

function groupsOf({ groups }, perRead) {
  return Array.from({ length: perRead === 0 ? 0 : CHUNKS / perRead }, (_, i) => groups[i % groups.length]);
}

function providersOf(dialect, perRead) {
  const transport = transportOf(canned(dialect, CHUNKS, perRead === 0 ? 1 : perRead), perRead);
  const leaf = (id) =>
    defineProvider(
      { id, dialect: DIALECTS[dialect], baseUrl: "http://bench.example", model: "bench" },
      { apiKey: "key", transport },
    );
  return [leaf("bench"), fullStack(AiClientBuilder, leaf("first"), leaf("second"))];
}

async function readStream(provider) {
  let length = 0;
  for await (const event of provider.stream(request))
    if (event.type === "text-delta") length += event.text.length;
  if (length !== CHUNKS * 6) throw new Error(`${length} characters of ${CHUNKS} chunks`);
}

/** Microseconds of CPU time for each unit of work: the median of several blocks. */
async function costs(units, works) {
  const all = works.map(() => []);
  for (let round = -WARM_UPS; round < BLOCKS; round++) {
    for (const [i, work] of works.entries()) {
      const from = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(from);
      if (round >= 0) all[i].push((user + system) / units);
    }
  }
  return all.map((values) => quantile(values, 0.5).toFixed(2));
}

let parsed = 0;
function parse(texts) {
  for (const text of texts) parsed += typeof JSON.parse(text) === "object" ? 1 : 0;
}

const lines = [];
async function wholeAnswers() {
  for (const dialect of Object.keys(DIALECTS)) {
    const whole = canned(dialect, CHUNKS, 1).whole.toString();
    const calls = (provider) => async () => {
      let left = CALLS;
      const lane = async () => {
        while (left-- > 0) await provider.chat(request);
      };
      await Promise.all(Array.from({ length: STREAMS }, lane));
    };
    const [alone, bare, stack] = await costs(CALLS, [
      () => parse(Array(CALLS).fill(whole)),
      ...providersOf(dialect, 0).map(calls),
    ]);
    lines.push(`| a whole answer, ${dialect} | ${alone} | ${bare} | ${stack} |`);
  }
}

async function chunks() {
  for (const dialect of Object.keys(DIALECTS)) {
    for (const perRead of [1, 4]) {
      const bytes = canned(dialect, CHUNKS, perRead);
      const text = groupsOf(bytes, perRead).join("");
      const frames = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => data);
      const parseAll = () => {
        for (let i = 0; i < STREAMS; i++) parse(frames);
      };
      const streams = (provider) => () =>
        Promise.all(Array.from({ length: STREAMS }, () => readStream(provider)));
      const [alone, bare, stack] = await costs(STREAMS * CHUNKS, [
        parseAll,
        ...providersOf(dialect, perRead).map(streams),
      ]);
      lines.push(`| a chunk, ${dialect}, ${perRead} a read | ${alone} | ${bare} | ${stack} |`);
    }
  }
}

const streamsFirst = process.argv.includes("--streams-first");
if (streamsFirst) await chunks();
await wholeAnswers();
if (!streamsFirst) await chunks();
const section = `### ${TITLE}

Written by \`npm run build && npm run bench:memory -- --results\`. Microseconds of CPU, garbage collection included, with a transport in memory and ${STREAMS} calls at the same time: the median of ${BLOCKS} blocks. Streams are read with \`for await\`. Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? "unknown"}.

| work | \`JSON.parse\` of the same bytes | bare provider | full stack |
|---|--:|--:|--:|
${lines.join("\n")}`;
console.log(section);
if (parsed === 0) throw new Error("Nothing was parsed");
if (process.argv.includes("--results")) writeSection(TITLE, section);
