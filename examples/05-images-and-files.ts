// Pictures, sound and documents are parts of a message: a URL that the provider fetches, or
// bytes. A target that cannot take one says so by a warning, or by an error under `strict`.
import { AiClient, provider } from "ai-lib";

const client = new AiClient(provider(process.env.DEFAULT_AI_MODEL ?? "openai"));

// One red pixel, and a report without pages; both base64.
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
const report = Buffer.from("%PDF-1.4\n%%EOF\n").toString("base64");

const answer = await client.chat({
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "What colour is this, and what does the report say?" },
        { type: "image", mediaType: "image/png", data: pixel, detail: "low" },
        { type: "file", mediaType: "application/pdf", data: report, name: "report.pdf" },
      ],
    },
  ],
});

console.log(answer.text);
for (const warning of answer.warnings) console.log(`warning: ${warning.message}`);
