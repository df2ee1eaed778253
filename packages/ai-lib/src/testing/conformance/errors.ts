import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ErrorCode } from "../../core/values/error-code.js";
import { group } from "./definition.js";
import { expect, expectError } from "./expect.js";
import { ask, GREETING, UNKNOWN_MODEL } from "./prompts.js";
import { Subject } from "./subject.js";

/** The class of every error that can be provoked. */
export const errors = group("errors", [
  [
    "a conversation without messages is INVALID_REQUEST",
    (subject) => refuses(subject, { messages: [] }, ["INVALID_REQUEST"], "an empty conversation"),
  ],
  [
    "a model that does not exist is MODEL_NOT_FOUND",
    (subject) =>
      refuses(
        subject,
        ask(GREETING, { model: UNKNOWN_MODEL }),
        ["MODEL_NOT_FOUND"],
        "a model that does not exist",
      ),
    "unknownModel",
  ],
  [
    "a wrong key is AUTH_FAILED",
    async (subject) => {
      const { wrongKey } = subject.options;
      expect(wrongKey !== undefined, "no provider with a wrong key was given");
      await refuses(new Subject(wrongKey, subject.options), ask(GREETING), ["AUTH_FAILED"], "a wrong key");
    },
    "wrongKey",
  ],
  [
    "a prompt that is too long is CONTEXT_TOO_LONG",
    async (subject) => {
      const { tooLongTokens } = subject.options;
      expect(tooLongTokens !== undefined, "how many tokens are too many was not told");
      // A short word is a token of its own in every common vocabulary.
      const request = ask("word ".repeat(tooLongTokens));
      await refuses(subject, request, ["CONTEXT_TOO_LONG"], "a prompt that is too long");
    },
    "tooLong",
  ],
]);

async function refuses(
  subject: Subject,
  request: ChatRequest,
  codes: readonly ErrorCode[],
  what: string,
): Promise<void> {
  const whole = (async () => subject.chat(request))();
  const streamed = (async () =>
    subject.within(subject.options.answerMs, "the error", subject.stream(request).response()))();
  streamed.catch(() => {});
  const error = await expectError(whole, codes, what);
  expect(error.message !== "", `the error of ${what} says nothing`);
  await expectError(streamed, codes, `${what}, streamed,`);
}
