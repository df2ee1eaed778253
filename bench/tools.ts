/**
 * The cost of a run of tools: CPU time per event of a streamed run, compared with plain streams of the same
 * conversation. The answers are bytes of OpenAI's chat completions, without a socket, whose cost would hide a
 * difference. Run it with `npm run bench:tools`. It fails above the limit below.
 */

import { AiClient } from "../packages/ai-lib/src/client/ai-client.js";
import type { Transport } from "../packages/ai-lib/src/core/contract/transport.js";
import type { Message } from "../packages/ai-lib/src/core/values/message.js";
import { provider } from "../packages/ai-lib/src/providers/spec.js";

/** A streamed run of tools may take this many times the CPU of plain streams. */
const LIMIT = 1.1;

/** Rounds of each measurement. The best one counts, since other work on the machine only adds to the time. */
const MEASUREMENTS = 1_000;

/** Answers of one run. All but the last one call a tool. */
const ANSWERS = 4;
const DELTAS = 1_000;
/** Frames that arrive in one piece. */
const PIECE = 4;

const encoder = new TextEncoder();
const frame = (choice: object) =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, finish_reason: null, ...choice }] })}\n\n`;
const call = { index: 0, id: "1", type: "function", function: { name: "t", arguments: "{}" } };
const piece = encoder.encode(frame({ delta: { content: "word " } }).repeat(PIECE));
const calling = encoder.encode(
  `${frame({ delta: { tool_calls: [call] } })}${frame({ delta: {}, finish_reason: "tool_calls" })}data: [DONE]\n\n`,
);
const ending = encoder.encode(`${frame({ delta: {}, finish_reason: "stop" })}data: [DONE]\n\n`);

/** Answers with text and a call of the tool `t`, and with only text after three calls have results. */
const transport: Transport = {
  open(request, sink) {
    let pieces = DELTAS / PIECE;
    let paused = false;
    let over = false;
    const play = (): void => {
      while (!over && !paused && pieces > 0) {
        pieces--;
        sink.data(piece);
      }
      if (over || paused) return;
      over = true;
      const calls = String(request.body).split('"role":"tool"').length - 1;
      sink.data(calls < ANSWERS - 1 ? calling : ending);
      sink.end();
    };
    queueMicrotask(() => {
      sink.head(200, { "content-type": "text/event-stream" });
      play();
    });
    return {
      pause() {
        paused = true;
      },
      resume() {
        paused = false;
        queueMicrotask(play);
      },
      abort() {
        over = true;
      },
    };
  },
};

const client = new AiClient(provider("groq/m", { apiKey: "key", transport }));
const parameters = { type: "object" };
const tool = { name: "t", parameters, execute: () => "done" };
const ask: Message = { role: "user", content: "Hello" };
const results: Message = {
  role: "tool",
  content: [{ type: "tool-result", id: "1", name: "t", content: "done" }],
};

/** The same conversation without `runTools`: a plain stream for each answer. */
async function plain(): Promise<number> {
  const tools = [{ type: "function", name: "t", parameters }] as const;
  let seen = 0;
  let messages: readonly Message[] = [ask];
  for (let answers = 0; answers < ANSWERS; answers++) {
    const stream = client.stream({ messages, tools });
    for await (const event of stream) if (event.type === "text-delta") seen++;
    const { message } = await stream.response();
    messages = [...messages, message, results];
  }
  return seen;
}

async function run(): Promise<number> {
  let seen = 0;
  for await (const event of client.runTools({ messages: [ask] }, [tool]))
    if (event.type === "text-delta") seen++;
  return seen;
}

/** Microseconds of CPU per delta. */
async function cost(work: () => Promise<number>): Promise<number> {
  const from = process.cpuUsage();
  const seen = await work();
  if (seen !== ANSWERS * DELTAS) throw new Error(`${seen} deltas came`);
  const { user, system } = process.cpuUsage(from);
  return (user + system) / seen;
}

let alone = Number.POSITIVE_INFINITY;
let together = Number.POSITIVE_INFINITY;
for (let i = 0; i < MEASUREMENTS; i++) {
  alone = Math.min(alone, await cost(plain));
  together = Math.min(together, await cost(run));
}
const ratio = together / alone;
console.log(
  `Node ${process.version}, ${process.arch}; microseconds of CPU per event, best of ${MEASUREMENTS}`,
);
console.log(
  `plain streams ${alone.toFixed(3)}, a run of tools ${together.toFixed(3)}: ${ratio.toFixed(2)} times (limit ${LIMIT})`,
);
process.exitCode = ratio > LIMIT ? 1 : 0;
