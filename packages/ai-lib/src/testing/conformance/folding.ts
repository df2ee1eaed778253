import type { ChatResponse } from "../../core/values/chat-response.js";
import { group } from "./definition.js";
import { expectSame } from "./expect.js";
import { ask, GREETING, NUMBERS, REPEAT } from "./prompts.js";
import { bare, read, rebuilt } from "./reading.js";
import type { Subject } from "./subject.js";

/** The same answer, by whichever way it is read. */
export const folding = group("folding", [
  ["the deltas of a stream rebuild the response that its finish carries", deltasRebuild],
  ["a streamed answer has the shape of a whole one", sameShape],
  ["the text of a stream is the text of its response", textOfStream],
  ["the response may be asked for before, during and after the loop", responseAnytime],
]);

async function deltasRebuild(subject: Subject): Promise<void> {
  const { events, response } = await read(subject, subject.stream(ask(REPEAT + NUMBERS)));
  expectSame(
    rebuilt(events),
    response.content.map(bare),
    "the content rebuilt from deltas, against the response's",
  );
}

/** What two answers to one question have in common although a model phrases them differently each time. */
function shape(response: ChatResponse): unknown {
  return {
    finishReason: response.finishReason,
    parts: [...new Set(response.content.map((part) => part.type))].sort(),
    hasText: response.text !== "",
    usageStatus: response.usageStatus,
  };
}

async function sameShape(subject: Subject): Promise<void> {
  const whole = await subject.chat(ask(GREETING));
  const { response } = await read(subject, subject.stream(ask(GREETING)));
  expectSame(shape(response), shape(whole), "the shape of a streamed answer, against a whole one");
}

async function textOfStream(subject: Subject): Promise<void> {
  const stream = subject.stream(ask(GREETING));
  const iterator = stream.text[Symbol.asyncIterator]();
  let text = "";
  for (;;) {
    const step = await subject.within(subject.options.answerMs, "the next text", iterator.next());
    if (step.done === true) break;
    text += step.value;
  }
  expectSame(text, (await stream.response()).text, "the text, against the response's");
}

async function responseAnytime(subject: Subject): Promise<void> {
  const stream = subject.stream(ask(GREETING));
  const before = stream.response();
  const { response: finish } = await read(subject, stream);
  const { answerMs } = subject.options;
  const first = await subject.within(answerMs, "the response asked for before the loop", before);
  const last = await subject.within(answerMs, "the response asked for after the loop", stream.response());
  expectSame([first.id, first.text], [finish.id, finish.text], "the response asked for before the loop");
  expectSame([last.id, last.text], [finish.id, finish.text], "the response asked for after the loop");
  const unread = await subject.within(
    answerMs,
    "the response of a stream that nobody reads",
    subject.stream(ask(GREETING)).response(),
  );
  expectSame(unread.message.role, "assistant", "the response of a stream that nobody reads");
}
