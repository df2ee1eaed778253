import type { ChatResponse } from "../../core/values/chat-response.js";
import { group } from "./definition.js";
import { expect } from "./expect.js";
import { ask, RECALL, REMEMBER, RIDDLE, SECRET_WORD, WEATHER } from "./prompts.js";
import { read } from "./reading.js";
import type { Subject } from "./subject.js";

/** Thinking that is asked for, and what must go back of it. */
export const reasoning = group("reasoning", [
  ["reasoning that is asked for is shown as such or counted, and the answer besides", shown, "reasoning"],
  ["reasoning can stand in the history, and is echoed where it must be", echoed, "reasoning"],
  ["reasoning before a call goes back with the call's result", beforeCalls, "reasoning", "tools"],
]);

const THINK = { reasoning: { effort: "low" } } as const;

function thought(response: ChatResponse): boolean {
  return (
    (response.usage.reasoningTokens ?? 0) > 0 || response.content.some((part) => part.type === "reasoning")
  );
}

async function shown(subject: Subject): Promise<void> {
  const answers = [
    await subject.chat(ask(RIDDLE, THINK)),
    (await read(subject, subject.stream(ask(RIDDLE, THINK)))).response,
  ];
  for (const answer of answers) {
    expect(thought(answer), "an answer that was to be thought about shows and counts no reasoning");
    expect(answer.text !== "", "an answer that was thought about has no text");
    expect(
      answer.reasoningText === "" || !answer.text.includes(answer.reasoningText),
      "the text of the answer holds its reasoning",
    );
  }
}

async function echoed(subject: Subject): Promise<void> {
  const first = await subject.chat(ask(REMEMBER, THINK));
  const messages = [...ask(REMEMBER).messages, first.message, ...ask(RECALL).messages];
  const second = await subject.chat({ messages, ...THINK });
  expect(
    second.text.toLowerCase().includes(SECRET_WORD),
    `asked for the word, it said ${JSON.stringify(second.text)}`,
  );
}

async function beforeCalls(subject: Subject): Promise<void> {
  const question = ask("What is the weather in Paris? Think, then use the tool.", {
    tools: [WEATHER],
    ...THINK,
  });
  const { response: first } = await read(subject, subject.stream(question));
  const [call] = first.toolCalls;
  expect(call !== undefined, "an answer that was thought about called no tool");
  const second = await subject.chat({
    ...question,
    messages: [
      ...question.messages,
      first.message,
      {
        role: "tool",
        content: [{ type: "tool-result", id: call.id, name: call.name, content: "47 degrees" }],
      },
    ],
  });
  expect(second.text.includes("47"), `told of 47 degrees, it said ${JSON.stringify(second.text)}`);
}
