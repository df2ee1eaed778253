// Pictures, sound and documents are parts of a message: a URL that the provider fetches, a path on this machine, or
// bytes. If a target does not support one, you get a warning, or an error with `strict`.
import { AiClient, provider } from "ai-lib";
import { file, image } from "ai-lib/content";

const client = new AiClient(provider(process.env.DEFAULT_AI_MODEL ?? "openai"));

// One red pixel. `image("photos/sky.jpg")` and `image(new URL("https://..."))` work as well.
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);
const report = Buffer.from("%PDF-1.4\n%%EOF\n");

const answer = await client.chat({
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "What colour is this, and what does the report say?" },
        await image(pixel, { detail: "low" }),
        await file(report, { name: "report.pdf" }),
      ],
    },
  ],
});

console.log(answer.text);
for (const warning of answer.warnings) console.log(`warning: ${warning.message}`);
