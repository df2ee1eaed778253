import type { CallOptions } from "../../core/contract/call.js";
import type { Timeouts } from "../../core/contract/timeouts.js";
import { AiLibError } from "../../core/errors/error.js";
import { group } from "./definition.js";
import { expect } from "./expect.js";
import { ask, COUNT } from "./prompts.js";
import { read } from "./reading.js";
import type { Subject } from "./subject.js";

/** A limit that has passed ends the call, unless the answer was quicker. */
export const timeouts = group("timeouts", [
  ["a passed deadline ends a call", (subject) => passes(subject, { totalMs: 1 })],
  ["a passed limit of the first content ends a call", (subject) => passes(subject, { firstContentMs: 1 })],
  ["a passed limit of an attempt ends a call", (subject) => passes(subject, { attemptMs: 1 })],
]);

const long = ask(COUNT);

async function passes(subject: Subject, limits: Timeouts): Promise<void> {
  const options: CallOptions = { timeouts: limits };
  await quick(subject, subject.provider.chat(long, options));
  await quick(subject, subject.stream(long, options).response());
  // A later call is none the worse for it.
  await read(subject, subject.stream(ask("Say hello again.")));
}

async function quick(subject: Subject, answer: Promise<unknown>): Promise<void> {
  const { promptMs } = subject.options;
  try {
    await subject.within(promptMs, "the end of a call whose limit had passed", answer);
  } catch (error) {
    if (!AiLibError.is(error)) throw error;
    // A strategy whose deadline passes between two attempts reports the one that failed.
    if ((subject.provider.members?.length ?? 0) > 0 && error.retryable && error.attempts.length > 0) return;
    expect(
      error.code === "TIMEOUT",
      `a passed limit ended the call with ${error.code} and not TIMEOUT: ${error.message}`,
    );
    expect(error.phase !== undefined, "the TIMEOUT does not say which limit had passed");
  }
}
