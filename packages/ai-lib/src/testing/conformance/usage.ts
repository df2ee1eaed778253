import type { ChatResponse } from "../../core/values/chat-response.js";
import { group } from "./definition.js";
import { expect } from "./expect.js";
import { ask, GREETING, NUMBERS, REPEAT } from "./prompts.js";
import { read } from "./reading.js";
import type { Subject } from "./subject.js";

/** Tokens that add up. */
export const usage = group("usage", [
  ["tokens are whole numbers of 0 or more, and parts of a sum are no more than the sum", sane],
  ["a longer prompt takes more input, and a longer answer more output", grows],
]);

async function both(subject: Subject, prompt: string): Promise<readonly ChatResponse[]> {
  return [await subject.chat(ask(prompt)), (await read(subject, subject.stream(ask(prompt)))).response];
}

async function sane(subject: Subject): Promise<void> {
  for (const answer of await both(subject, GREETING)) {
    const told = answer.usage;
    expect(typeof told === "object" && told !== null, "the response has no usage");
    const { inputTokens, outputTokens } = told;
    const { cachedInputTokens = 0, cacheWriteInputTokens = 0, reasoningTokens = 0 } = told;
    const counts = { inputTokens, outputTokens, cachedInputTokens, cacheWriteInputTokens, reasoningTokens };
    for (const [name, tokens] of Object.entries(counts))
      expect(Number.isInteger(tokens) && tokens >= 0, `usage.${name} is ${tokens}`);
    if (answer.usageStatus === "unsupported") continue;
    expect(inputTokens > 0, "the prompt took no tokens");
    expect(outputTokens > 0, "the answer took no tokens");
    expect(
      cachedInputTokens + cacheWriteInputTokens <= inputTokens,
      `${cachedInputTokens} cached and ${cacheWriteInputTokens} written tokens are more than ${inputTokens} in all`,
    );
    expect(
      reasoningTokens <= outputTokens,
      `${reasoningTokens} tokens of reasoning are more than ${outputTokens} in all`,
    );
  }
}

async function grows(subject: Subject): Promise<void> {
  const short = await both(subject, GREETING);
  const long = await both(subject, REPEAT + NUMBERS);
  short.forEach((one, i) => {
    const other = long[i];
    if (other === undefined || one.usageStatus === "unsupported") return;
    const [less, more] = [one.usage, other.usage];
    expect(
      more.inputTokens > less.inputTokens,
      `a prompt of ${NUMBERS.length} characters took ${more.inputTokens} tokens, one of ${GREETING.length} took ${less.inputTokens}`,
    );
    expect(
      more.outputTokens > less.outputTokens,
      `an answer of ${other.text.length} characters took ${more.outputTokens} tokens, one of ${one.text.length} took ${less.outputTokens}`,
    );
  });
}
