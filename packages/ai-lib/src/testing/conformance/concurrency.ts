import { group } from "./definition.js";
import { expect, expectSame } from "./expect.js";
import { ask, REPEAT } from "./prompts.js";
import { read } from "./reading.js";

const WORDS = ["mango", "granite", "trumpet", "velvet", "compass", "walnut", "lantern", "orchid"] as const;

/** Calls that run at the same time do not meet. */
export const concurrency = group("concurrency", [
  [
    "eight calls at once, whole and streamed, keep their answers apart",
    async (subject) => {
      const answers = await Promise.all(
        WORDS.map(async (word, i) =>
          i % 2 === 0
            ? subject.chat(ask(REPEAT + word))
            : (await read(subject, subject.stream(ask(REPEAT + word)))).response,
        ),
      );
      answers.forEach(({ text }, i) => {
        const said = WORDS.filter((word) => text.toLowerCase().includes(word));
        expectSame(said, [WORDS[i]], "the words of an answer");
      });
      const ids = new Set(answers.map(({ id }) => id));
      expect(ids.size === answers.length, "answers that were given at once share an id");
    },
  ],
]);
