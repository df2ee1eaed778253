// One voice for several vendors. No voice exists at two of them: a request names one for each, or each provider maps a
// name of your own to its voice.
import { AiClient, failover, provider } from "ai-lib";

const client = new AiClient(failover([provider("openai"), provider("google")]));

// If OpenAI fails, Gemini speaks, with its own voice of the table.
for (const text of ["Good morning.", "Good night."]) {
  const spoken = await client.speak({ text, voice: { openai: "nova", google: "Kore" } });
  console.log(`${text} ${spoken.provider}, ${spoken.audio.mediaType}, ${spoken.warnings.length} warnings`);
}

const named = new AiClient(
  failover([
    provider("openai", { voices: { narrator: "nova" } }),
    provider("google", { voices: { narrator: "Kore" } }),
  ]),
);
const { audio } = await named.speak({ text: "Once upon a time", voice: "narrator" });
console.log(`the narrator: ${Buffer.from(audio.data, "base64").length > 0 ? "sound" : "silence"}`);

const voices = await client.listVoices();
console.log(`${voices.length} voices, such as ${voices[0]?.id} of ${voices[0]?.provider}`);
