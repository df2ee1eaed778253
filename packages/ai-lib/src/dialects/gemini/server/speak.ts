import type { ServerKindCodec } from "../../../core/contract/dialect.js";
import { invalidRequest } from "../../../core/errors/error.js";
import { speakLaws } from "../../../core/kinds/speak.js";
import { base64OfBytes, bytesOfBase64 } from "../../../core/values/base64.js";
import {
  asArray,
  asObject,
  asString,
  isObject,
  type JsonObject,
  tryParse,
} from "../../../core/values/json.js";
import type { Sound } from "../../../core/values/speech.js";
import { defined } from "../../shared/common/body-fields.js";
import { jsonReply } from "../../shared/common/json-post.js";
import { bodyOf } from "../../shared/common/kind-requests.js";
import { decodeSegment } from "../../shared/common/path-segment.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { objectField, stringField } from "../shared/family.js";

const PATH = /\/([^/]+):generateContent$/;

/**
 * The server half of Gemini's speech: a chat whose answer may be sound alone. The request is recognized by its body.
 * https://ai.google.dev/gemini-api/docs/speech-generation
 */
export const speakServer: ServerKindCodec<"speak"> = {
  laws: speakLaws,
  matches: () => false,
  claims({ path, body }) {
    if (!PATH.test(path) || body?.includes("AUDIO") !== true) return false;
    const parsed = tryParse(body);
    if (!isObject(parsed)) return false;
    const modalities = asArray(
      configOf(parsed)["responseModalities"] ?? configOf(parsed)["response_modalities"],
    );
    return modalities.length === 1 && modalities[0] === "AUDIO";
  },
  decode({ path, body: given }) {
    const body = bodyOf(given);
    const [, name = ""] = PATH.exec(path) ?? [];
    const texts = asArray(body["contents"])
      .flatMap((content) => asArray(asObject(content)?.["parts"]))
      .flatMap((part) => asString(asObject(part)?.["text"]) ?? []);
    if (texts.length === 0) throw invalidRequest("`contents` has no text to speak");
    const config = objectField(configOf(body), "speechConfig") ?? {};
    const voiceConfig = objectField(config, "voiceConfig");
    const prebuilt = voiceConfig && objectField(voiceConfig, "prebuiltVoiceConfig");
    const language = stringField(config, "languageCode");
    return {
      model: decodeSegment(name),
      text: texts.join("\n"),
      // Raw samples are what clients of this API expect.
      format: "pcm",
      ...defined({ voice: prebuilt && stringField(prebuilt, "voiceName"), language }),
    };
  },
  encode(response) {
    const { audio, usage, model } = response;
    const usageMetadata = {
      promptTokenCount: usage.inputTokens,
      candidatesTokenCount: usage.outputTokens,
      totalTokenCount: usage.inputTokens + usage.outputTokens,
    };
    const body = {
      candidates: [
        {
          content: { role: "model", parts: [{ inlineData: samplesOf(audio) }] },
          finishReason: "STOP",
          index: 0,
        },
      ],
      usageMetadata: markedUsage(usageMetadata, response),
      modelVersion: model,
    };
    return jsonReply(body);
  },
};

function configOf(body: JsonObject): JsonObject {
  return objectField(body, "generationConfig") ?? {};
}

/** Bytes of a WAV file before its samples. */
const HEADER = 44;

/** Samples as this API names them. A WAV file loses its header; other sound is sent unchanged. */
function samplesOf({ data, mediaType }: Sound): { mimeType: string; data: string } {
  const rate = /rate=(\d+)/.exec(mediaType)?.[1] ?? "24000";
  if (mediaType.startsWith("audio/pcm")) return { mimeType: `audio/L16;codec=pcm;rate=${rate}`, data };
  if (mediaType !== "audio/wav") return { mimeType: mediaType, data };
  const bytes = bytesOfBase64(data);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const own = bytes.length > HEADER ? view.getUint32(24, true) : Number(rate);
  return { mimeType: `audio/L16;codec=pcm;rate=${own}`, data: base64OfBytes(bytes.subarray(HEADER)) };
}
