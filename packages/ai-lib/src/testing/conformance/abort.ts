import { isContent } from "../../core/values/chat-event.js";
import { group } from "./definition.js";
import { expect, expectError } from "./expect.js";
import { ask, COUNT, GREETING } from "./prompts.js";
import type { Subject } from "./subject.js";

/** A caller who leaves is released immediately. */
export const abort = group("abort", [
  ["a call that was aborted before it began is CANCELLED", before],
  ["a whole answer that is aborted is CANCELLED", unary],
  ["a stream that is aborted midway is CANCELLED, with what had come", midway, "stream"],
  ["a stream whose loop is left is CANCELLED", left, "stream"],
]);

const long = ask(COUNT);

async function before(subject: Subject): Promise<void> {
  const signal = AbortSignal.abort();
  const { promptMs } = subject.options;
  const chat = subject.within(
    promptMs,
    "the end of an aborted call",
    subject.provider.chat(ask(GREETING), { signal }),
  );
  await expectError(chat, ["CANCELLED"], "a call that was aborted before it began");
  const stream = subject.stream(ask(GREETING), { signal });
  const streamed = subject.within(promptMs, "the end of an aborted stream", stream.response());
  await expectError(streamed, ["CANCELLED"], "a stream that was aborted before it began");
}

async function unary(subject: Subject): Promise<void> {
  const controller = new AbortController();
  const answer = subject.provider.chat(long, { signal: controller.signal });
  controller.abort();
  const ended = subject.within(subject.options.promptMs, "the end of an aborted call", answer);
  await expectError(ended, ["CANCELLED"], "an aborted call");
}

async function midway(subject: Subject): Promise<void> {
  const { answerMs, promptMs } = subject.options;
  const controller = new AbortController();
  const iterator = subject.stream(long, { signal: controller.signal })[Symbol.asyncIterator]();
  for (;;) {
    const step = await subject.within(answerMs, "the first content", iterator.next());
    expect(step.done !== true, "the stream ended before it had content");
    if (step.value.type !== "finish" && step.value.type !== "ping" && isContent(step.value)) break;
  }
  controller.abort();
  const drain = async () => {
    for (;;) if ((await iterator.next()).done === true) return;
  };
  const ended = subject.within(promptMs, "the end of a stream that was aborted midway", drain());
  const error = await expectError(ended, ["CANCELLED"], "a stream that was aborted midway");
  expect(error.partial !== undefined, "the error of the abort has nothing of what had come");
}

async function left(subject: Subject): Promise<void> {
  const { answerMs, promptMs } = subject.options;
  const stream = subject.stream(long);
  const iterator = stream[Symbol.asyncIterator]();
  await subject.within(answerMs, "the first event", iterator.next());
  await subject.within(promptMs, "the leave", Promise.resolve(iterator.return?.()));
  const response = subject.within(promptMs, "the response of a stream that was left", stream.response());
  await expectError(response, ["CANCELLED"], "the response of a stream that was left");
}
