import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import type { Transport } from "../src/core/contract/transport.js";
import { LIMITS } from "../src/core/values/limits.js";
import { defineProvider } from "../src/index.js";
import { errorOf, request } from "./support/calls.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function held(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const chunk = (delta: object): string =>
  `data: ${JSON.stringify({ id: "c", model: "m", choices: [{ index: 0, delta }] })}\n\n`;
const KB = "x".repeat(1_000);

/** What an upstream may send without end, in frames that each add something to what the process holds. */
const GROWTH: Readonly<Record<string, (i: number) => string>> = {
  "small deltas": (i) => chunk({ content: `word ${i} ` }),
  "large deltas": (i) => chunk({ content: KB + i }),
  "small arguments of a tool": (i) =>
    chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: `${i},` } }] }),
  "arguments without a name, beside text": (i) =>
    chunk({ content: "a", tool_calls: [{ index: 0, function: { arguments: KB + i } }] }),
  "many tools": (i) =>
    chunk({ tool_calls: [{ index: i, id: `a${i}`, function: { name: KB, arguments: "{}" } }] }),
  pictures: (i) =>
    chunk({ images: [{ type: "image_url", image_url: { url: `data:image/png;base64,${KB}${i % 10}AAA` } }] }),
  transcripts: (i) => chunk({ audio: { id: "a", transcript: KB + i } }),
  "reasoning state": (i) =>
    chunk({ content: "a", reasoning_details: [{ type: "reasoning.encrypted", data: KB + i }] }),
  "unknown fields": (i) => `data: ${JSON.stringify({ unknown: KB + i })}\n\n`,
};

it.each(Object.entries(GROWTH))(
  "memory stays within twice the limit of an answer: %s",
  async (_name, frame) => {
    const base = held();
    let most = 0;
    let stopped = false;
    let sent = 0;
    const transport: Transport = {
      open(_request, sink) {
        const encoder = new TextEncoder();
        const send = async () => {
          sink.head(200, { "content-type": "text/event-stream" });
          for (let i = 0; !stopped && sent < 4 * LIMITS.answerSize; ) {
            let read = "";
            while (read.length < 256 * 1024) read += frame(i++);
            sent += read.length;
            sink.data(encoder.encode(read));
            if (Math.floor(sent / (16 << 20)) !== Math.floor((sent - read.length) / (16 << 20)))
              most = Math.max(most, held() - base);
            await new Promise((resolve) => setImmediate(resolve));
          }
          sink.end();
        };
        queueMicrotask(() => void send());
        const stop = () => {
          stopped = true;
          return undefined;
        };
        return { pause() {}, resume() {}, abort: stop };
      },
    };
    const data = {
      id: "labs",
      dialect: "openai-chat",
      baseUrl: "http://labs.test",
      model: "m",
      keyOptional: true,
    } as const;
    const provider = defineProvider(data, { transport });
    const read = async () => {
      for await (const _ of provider.stream(request));
    };
    const error = await errorOf(read());
    stopped = true;
    expect(["INVALID_RESPONSE", "STREAM_TRUNCATED"]).toContain(error.code);
    expect(most).toBeLessThan(2 * LIMITS.answerSize);
  },
  120_000,
);
