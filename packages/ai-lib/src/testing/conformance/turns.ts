import { group } from "./definition.js";
import { expect } from "./expect.js";
import { ask, GREETING, RECALL, REMEMBER, SECRET_WORD, SIGNATURE_RULE } from "./prompts.js";
import { read } from "./reading.js";

/** A conversation is more than its last message. */
export const turns = group("turns", [
  [
    "what was said before is known, and an answer can stand in the history",
    async (subject) => {
      const first = await subject.chat(ask(REMEMBER));
      const messages = [...ask(REMEMBER).messages, first.message, ...ask(RECALL).messages];
      const second = await subject.chat({ messages });
      expect(
        second.text.toLowerCase().includes(SECRET_WORD),
        `asked for the word, it said ${JSON.stringify(second.text)}`,
      );
      const streamed = await read(subject, subject.stream({ messages }));
      expect(
        streamed.response.text.toLowerCase().includes(SECRET_WORD),
        `asked for the word, it streamed ${JSON.stringify(streamed.response.text)}`,
      );
    },
  ],
  [
    "instructions above the conversation are followed",
    async (subject) => {
      const messages = [{ role: "system" as const, content: SIGNATURE_RULE }, ...ask(GREETING).messages];
      const { text } = await subject.chat({ messages });
      expect(text.includes("ROGER"), `told to end with ROGER, it said ${JSON.stringify(text)}`);
    },
  ],
]);
