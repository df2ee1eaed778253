// What the suites of every runtime ask for and expect.
import { AiLibError, failover, toolResult } from "ai-lib";

export const hello = { messages: [{ role: "user", content: "Hello, wörld 👋" }] };
export const long = { messages: [{ role: "user", content: "a long story ".repeat(2000) }] };
const weather = {
  type: "function",
  name: "weather",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

export function expect(condition, what) {
  if (!condition) throw new Error(`not so: ${what}`);
}

/** What every dialect answers to {@link hello}. */
export function expectEcho(text, what) {
  expect(text === "You said: Hello, wörld 👋", `${what} ${text}`);
}

/** Aborts a stream at its first text; resolves with the error. */
export async function abortMidway(provider) {
  const controller = new AbortController();
  let error;
  try {
    const stream = provider.stream(long, { signal: controller.signal });
    for await (const event of stream) if (event.type === "text-delta") controller.abort();
  } catch (reason) {
    error = reason;
  }
  expect(AiLibError.is(error) && error.code === "CANCELLED", `an abort ended with ${error}`);
  return error;
}

/** Asks a chain whose first member is busy and whose second is cut off; resolves with the third's answer. */
export async function failOver(members) {
  const answer = await failover(members).stream(hello).response();
  const outcomes = answer.attempts.map(({ code, outcome }) => code ?? outcome).join(" ");
  expect(outcomes === "OVERLOADED STREAM_TRUNCATED success", `the attempts were ${outcomes}`);
  return answer;
}

/** Has a tool called, and tells its result. */
export async function useTools(one) {
  const first = await one.stream({ ...hello, tools: [weather] }).response();
  const [call] = first.toolCalls;
  expect(call?.arguments?.city === "sample", "the tool was called with a city");
  const second = await one.chat({
    tools: [weather],
    messages: [...hello.messages, first.message, { role: "tool", content: [toolResult(call, "22 degrees")] }],
  });
  expect(second.text === "The tools found: 22 degrees", `the answer was ${second.text}`);
}
