import { setup as setupFloor } from "./floor.mjs";

/** The floor, read as a client would: each text is an object that a `for await` loop takes from a queue. */
export const packages = [];
export const dialects = ["openai", "anthropic", "gemini"];

export function setup(base, dialect) {
  const { chat, stream } = setupFloor(base, dialect);
  return {
    chat,
    stream: async (onText) => {
      for await (const event of iterated(stream)) if (event.type === "text-delta") onText(event.text);
    },
  };
}

function iterated(stream) {
  const queue = [];
  let wake;
  let over = false;
  const wait = (resolve) => {
    wake = resolve;
  };
  const hand = (step) => {
    const resolve = wake;
    wake = undefined;
    resolve(step);
  };
  stream((text) => {
    const event = { type: "text-delta", index: 0, text };
    if (wake === undefined) queue.push(event);
    else hand({ value: event, done: false });
  }).then(() => {
    over = true;
    if (wake !== undefined) hand({ value: undefined, done: true });
  });
  const source = {
    [Symbol.asyncIterator]: () => source,
    next() {
      if (queue.length > 0) return Promise.resolve({ value: queue.shift(), done: false });
      return over ? Promise.resolve({ value: undefined, done: true }) : new Promise(wait);
    },
  };
  return source;
}
