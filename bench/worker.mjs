/**
 * One client in a process of its own: `worker.mjs <client> <upstream>`. It performs the tasks that its parent sends,
 * one at a time, and answers with their cost. CPU time is that of the whole process, including garbage collection and
 * compilation, in microseconds. Other processes on the machine do not affect it.
 */
import { PerformanceObserver } from "node:perf_hooks";

const [, , name, upstream] = process.argv;
const { setup } = await import(`./clients/${name}.mjs`);

const clients = new Map();
async function client(path, dialect) {
  const key = `${path} ${dialect}`;
  if (!clients.has(key)) clients.set(key, await setup(upstream + path, dialect));
  return clients.get(key);
}

/**
 * The part of a task that runs unmeasured before it. A process that was idle while others had their turn starts with
 * cold caches, which would distort the result.
 */
const LEAD = 0.25;

/** Milliseconds of the pauses of the garbage collector, once a task asks for them. */
let pauses;

/**
 * Starts a measurement. `per` returns microseconds of CPU time for each unit of work, and those of the collector on
 * request.
 */
function begin(measure) {
  if (measure === "collector" && pauses === undefined) {
    pauses = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) pauses += duration;
    }).observe({ entryTypes: ["gc"] });
  }
  const before = pauses;
  const start = process.cpuUsage();
  return {
    async per(units) {
      const { user, system } = process.cpuUsage(start);
      const cpu = (user + system) / units;
      if (measure !== "collector") return cpu;
      // Entries arrive in a later turn.
      await new Promise((resolve) => setTimeout(resolve, 5));
      return { cpu, collector: ((pauses - before) * 1000) / units };
    },
  };
}

/** Reads one stream to its end and checks that every character arrived. */
async function consume(stream, chunks) {
  let length = 0;
  await stream((text) => {
    length += text.length;
  });
  if (length !== chunks * 6) throw new Error(`${name}: ${length} characters of ${chunks} chunks`);
}

async function reply(chat) {
  const text = await chat();
  if (text.length !== 600) throw new Error(`${name}: wrong reply: ${text}`);
}

/** Keeps `parallel` tasks running until `count` have ended. */
async function run(count, parallel, one) {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: parallel }, lane));
}

const tasks = {
  /** CPU microseconds per unary call. */
  async unary({ count, parallel, dialect, measure }) {
    const { chat } = await client("/100/100/0", dialect);
    await run(count * LEAD, parallel, () => reply(chat));
    const { per } = begin(measure);
    await run(count, parallel, () => reply(chat));
    return per(count);
  },
  /** CPU microseconds per chunk. */
  async stream({ count, parallel, chunks, perRead, pace, dialect, measure }) {
    const open = async (chunks) => {
      const { stream } = await client(`/${chunks}/${perRead}/${pace}`, dialect);
      return () => consume(stream, chunks);
    };
    const lead = await open(perRead * Math.ceil((chunks * LEAD) / perRead));
    const whole = await open(chunks);
    await run(count, parallel, lead);
    const { per } = begin(measure);
    await run(count, parallel, whole);
    return per(count * chunks);
  },
  /** Median milliseconds from the call to the first text, one call at a time. */
  async first({ count, dialect }) {
    const { stream } = await client("/1/1/0", dialect);
    const times = [];
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      let first;
      await stream(() => {
        first ??= performance.now();
      });
      times.push(first - start);
    }
    times.sort((a, b) => a - b);
    return times[count >> 1];
  },
  /** Bytes of memory for each of `count` open streams after its first text. */
  async idle({ count, dialect }) {
    const { stream } = await client("/1/1/hold", dialect);
    await client("/1/1/0", dialect).then(({ stream: warm }) => run(200, 20, () => warm(() => {})));
    await settled();
    const before = process.memoryUsage();
    await new Promise((resolve, reject) => {
      let waiting = count;
      for (let i = 0; i < count; i++) {
        let seen = false;
        stream(() => {
          if (seen) return;
          seen = true;
          if (--waiting === 0) resolve();
        }).catch(reject);
      }
    });
    await settled();
    const after = process.memoryUsage();
    return {
      rss: (after.rss - before.rss) / count,
      heap: (after.heapUsed + after.external - before.heapUsed - before.external) / count,
    };
  },
  /** Bytes in use after collection. */
  async heap() {
    await settled();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },
  peak: () => process.resourceUsage().maxRSS * 1024,
};

async function settled() {
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    globalThis.gc?.();
  }
}

process.on("message", async ({ task, ...options }) => {
  try {
    process.send({ value: await tasks[task](options) });
  } catch (error) {
    process.send({ error: error?.stack ?? String(error) });
  }
});
process.on("disconnect", () => process.exit());
process.send({ ready: true });
