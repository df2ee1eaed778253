import type { Call } from "../../core/contract/call.js";
import { callOf, contextOf } from "../../core/contract/call.js";
import type { Sink } from "../../core/contract/sink.js";
import { chatLaws } from "../../core/kinds/chat/laws.js";
import type { StreamEvent } from "../../core/values/chat-event.js";
import { textOf } from "../../core/values/message.js";
import { group } from "./definition.js";
import { expect, expectSame } from "./expect.js";
import { ask, GREETING } from "./prompts.js";
import { type Reading, read } from "./reading.js";
import type { Subject } from "./subject.js";

/** Milliseconds in which whatever comes after an ending would have come. */
const AFTERMATH_MS = 20;

/** Rules of every stream and every response, whatever the model says. */
export const contract = group("contract", [
  ["a stream begins with its one start", oneStart],
  ["a stream ends with its one finish", oneFinish],
  ["nothing comes after the end of a stream", nothingAfter],
  ["parts have the indices 0, 1, 2 in the order in which they begin", indices],
  ["deltas belong to a part that has begun and not ended, and fit its type", deltas],
  ["every part that begins ends", closed],
  ["a response says who answered, and does not contradict itself", response],
  ["a source is silent until it is opened, ends once, and is silent after", source],
]);

const greet = (subject: Subject): Promise<Reading> => read(subject, subject.stream(ask(GREETING)));

const count = (events: readonly StreamEvent[], type: StreamEvent["type"]): number =>
  events.filter((event) => event.type === type).length;

async function oneStart(subject: Subject): Promise<void> {
  const { events } = await greet(subject);
  const first = events.find((event) => event.type !== "warning");
  expect(first?.type === "start", `the first event is "${first?.type}" and no start`);
  expectSame(count(events, "start"), 1, "starts");
}

async function oneFinish(subject: Subject): Promise<void> {
  const { events } = await greet(subject);
  expectSame(count(events, "finish"), 1, "finishes");
  expect(events.at(-1)?.type === "finish", `the last event is "${events.at(-1)?.type}" and no finish`);
}

async function nothingAfter(subject: Subject): Promise<void> {
  const iterator = subject.stream(ask(GREETING))[Symbol.asyncIterator]();
  const { answerMs } = subject.options;
  let finished = false;
  for (;;) {
    const step = await subject.within(answerMs, "the next event of the stream", iterator.next());
    if (step.done === true) break;
    expect(!finished, `"${step.value.type}" came after the finish`);
    finished = step.value.type === "finish";
  }
  await subject.pause(AFTERMATH_MS);
  const after = await subject.within(answerMs, "the step after the end", iterator.next());
  expect(after.done === true, "a stream that had ended went on");
}

async function indices(subject: Subject): Promise<void> {
  const { events, response } = await greet(subject);
  const begun = events.flatMap((event) =>
    event.type === "part-start" || event.type === "part" ? [event.index] : [],
  );
  expectSame(
    begun,
    begun.map((_, i) => i),
    "indices of the parts",
  );
  expectSame(response.content.length, begun.length, "parts of the response");
}

async function deltas(subject: Subject): Promise<void> {
  const { events } = await greet(subject);
  const open = new Map<number, string>();
  for (const event of events) {
    if (event.type === "part-start") open.set(event.index, event.part.type);
    else if (event.type === "part-end") open.delete(event.index);
    else if (event.type.endsWith("-delta") && "index" in event) {
      const part = open.get(event.index);
      expect(part !== undefined, `a ${event.type} came for part ${event.index}, which is not open`);
      const fits = event.type === "media-delta" ? part === "audio" || part === "image" : true;
      const due = event.type === "media-delta" ? part : event.type.slice(0, -"-delta".length);
      expect(fits && part === due, `a ${event.type} came for a part of the type ${part}`);
    }
  }
}

async function closed(subject: Subject): Promise<void> {
  const { events } = await greet(subject);
  const open = new Set<number>();
  for (const event of events) {
    if (event.type === "part-start") open.add(event.index);
    else if (event.type === "part-end")
      expect(open.delete(event.index), `part ${event.index} ended, and was not open`);
  }
  expectSame([...open], [], "parts that did not end");
}

async function response(subject: Subject): Promise<void> {
  const answer = await subject.chat(ask(GREETING));
  expect(typeof answer.id === "string" && answer.id !== "", "the response has no id");
  expect(typeof answer.provider === "string" && answer.provider !== "", "the response names no provider");
  expect(typeof answer.model === "string", "the response's model is no text");
  expect(answer.attempts.length >= 1, "the response tells of no attempt");
  expectSame(answer.text, textOf(answer.content), "the response's text, against its parts");
  expectSame(answer.message, { role: "assistant", content: answer.content }, "the response's message");
  const calls = answer.content.filter((part) => part.type === "tool-call" && part.executedBy === undefined);
  expectSame(answer.toolCalls, calls, "the response's calls, against its parts");
  expectSame(answer.finishReason === "tool-calls", calls.length > 0, "whether it ended for calls");
}

/** A provider that is written as `open` is asked without the layer that would hide its faults. */
async function source(subject: Subject): Promise<void> {
  const { provider } = subject;
  if (provider.open === undefined) return;
  for (const mode of ["unary", "stream"] as const) {
    const heard: string[] = [];
    let opened = false;
    await subject.within(
      subject.options.answerMs,
      "the ending of an opened call",
      new Promise<void>((resolve, reject) => {
        const hear = (what: string) => {
          if (!opened) reject(new Error(`${what} was told before open had returned`));
          heard.push(what);
        };
        const sink: Sink = {
          event: (event) => hear(event.type),
          finish: () => {
            hear("finish");
            resolve();
          },
          fail: (error) => {
            hear("fail");
            reject(error);
          },
        };
        const call: Call = callOf(chatLaws, ask(GREETING), mode, contextOf());
        provider.open?.(call, sink);
        opened = true;
      }),
    );
    await subject.pause(AFTERMATH_MS);
    expectSame(
      heard.filter((what) => what === "finish" || what === "fail").length,
      1,
      `endings of a ${mode} call`,
    );
    expect(heard.at(-1) === "finish", `a ${mode} call told of "${heard.at(-1)}" after its finish`);
    if (mode === "unary") expectSame(heard, ["finish"], "what a unary call told");
  }
}
