import type { KindCodec } from "../../../core/contract/dialect.js";
import type { Warning } from "../../../core/values/answer.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { TranscribeRequest } from "../../../core/values/transcription.js";
import { leftOut } from "../../shared/common/kind-requests.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";

/** Transcripts of Gemini's models, which are asked for in words: https://ai.google.dev/gemini-api/docs/audio */
export const transcribeCodec: KindCodec<"transcribe"> = {
  encode(request, target) {
    const warnings: Warning[] = [];
    if (request.timestamps !== undefined && request.timestamps.length > 0)
      warnings.push(leftOut("timestamps", "a chat model writes only text"));
    if (request.speakers === true) warnings.push(leftOut("speakers", "a chat model writes only text"));
    const encoded = encodeRequest(chatOf(request), "unary", target);
    return { ...encoded, warnings: [...warnings, ...encoded.warnings] };
  },
  decode(reply, target) {
    const { content, facts } = decodeReply(reply, target);
    const text = content.map((part) => (part.type === "text" ? part.text : "")).join("");
    return {
      text: text.trim(),
      ...(facts.model === undefined ? {} : { model: facts.model }),
      ...(facts.usage === undefined ? {} : { usage: facts.usage }),
    };
  },
};

function chatOf({ audio, language, prompt, translate, extensions }: TranscribeRequest): ChatRequest {
  const wanted =
    translate === true
      ? "Translate what is said in the audio into English."
      : "Write down what is said in the audio.";
  const spoken = language === undefined ? "" : ` The language is ${language}.`;
  const help = prompt === undefined ? "" : ` These words may help: ${prompt}`;
  const text = `${wanted}${spoken}${help} Answer with the text and nothing else.`;
  const { data, url, mediaType } = audio;
  const part = { type: "audio" as const, data, url, mediaType };
  return {
    messages: [{ role: "user", content: [{ type: "text", text }, part] }],
    ...(extensions === undefined ? {} : { extensions }),
  };
}
