import { group } from "./definition.js";
import { expect, expectSame } from "./expect.js";
import { ask, NOTHING, NUMBERS, REPEAT, UNICODE } from "./prompts.js";
import { isTextDelta, read } from "./reading.js";
import type { Subject } from "./subject.js";

/** Every text arrives, whatever is in it and however long it is. */
export const text = group("text", [
  ["writing, emoji and accents arrive as they are, whole and streamed", unicode],
  ["no delta breaks a character in two", unbroken],
  ["an answer without a word is an answer", empty],
  ["a long answer arrives to its last word", long],
  ["a long answer comes in pieces", inPieces, "stream"],
  ["an answer that reaches maxTokens says so", cut, "maxTokens"],
]);

const LONE_SURROGATE = /\p{Surrogate}/u;

async function unicode(subject: Subject): Promise<void> {
  const request = ask(REPEAT + UNICODE);
  const whole = await subject.chat(request);
  expect(whole.text.includes(UNICODE), `the whole answer is ${JSON.stringify(whole.text)}`);
  const { response } = await read(subject, subject.stream(request));
  expect(response.text.includes(UNICODE), `the streamed answer is ${JSON.stringify(response.text)}`);
}

async function unbroken(subject: Subject): Promise<void> {
  const { events } = await read(subject, subject.stream(ask(REPEAT + UNICODE.repeat(8))));
  for (const event of events) {
    if (isTextDelta(event))
      expect(!LONE_SURROGATE.test(event.text), `a delta is half a character: ${JSON.stringify(event.text)}`);
  }
}

async function empty(subject: Subject): Promise<void> {
  const whole = await subject.chat(ask(NOTHING));
  expectSame(typeof whole.text, "string", "the type of an empty answer's text");
  expectSame(whole.finishReason, "stop", "why an empty answer ended");
  const { response } = await read(subject, subject.stream(ask(NOTHING)));
  expectSame(response.finishReason, "stop", "why a streamed empty answer ended");
}

async function long(subject: Subject): Promise<void> {
  const whole = await subject.chat(ask(REPEAT + NUMBERS));
  expectSame(whole.finishReason, "stop", "why a long answer ended");
  expect(whole.text.includes(NUMBERS), `a long answer ends in ${JSON.stringify(whole.text.slice(-40))}`);
  const { response } = await read(subject, subject.stream(ask(REPEAT + NUMBERS)));
  expectSame(response.finishReason, "stop", "why a long streamed answer ended");
  expect(
    response.text.includes(NUMBERS),
    `a long streamed answer ends in ${JSON.stringify(response.text.slice(-40))}`,
  );
}

async function inPieces(subject: Subject): Promise<void> {
  const { events } = await read(subject, subject.stream(ask(REPEAT + NUMBERS)));
  const pieces = events.filter((event) => event.type === "text-delta" && event.text !== "").length;
  expect(pieces > 1, `a long answer came in ${pieces} piece`);
}

async function cut(subject: Subject): Promise<void> {
  // The least that every endpoint takes is 16 (OpenAI's responses).
  const request = ask(REPEAT + NUMBERS, { maxTokens: 16 });
  const whole = await subject.chat(request);
  if (whole.warnings.some(({ field }) => field === "maxTokens")) return;
  expectSame(whole.finishReason, "length", "why an answer that reached maxTokens ended");
  const { response } = await read(subject, subject.stream(request));
  expectSame(response.finishReason, "length", "why a streamed answer that reached maxTokens ended");
}
