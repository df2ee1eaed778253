import type {
  DialectId,
  DialectTarget,
  Encoded,
  KindCodec,
  ServedStream,
  ServerKindCodec,
} from "../../../core/contract/dialect.js";
import type { HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import { speakLaws } from "../../../core/kinds/speak.js";
import { voiceName, voicesOfModel } from "../../../core/kinds/voices.js";
import type { Warning } from "../../../core/values/answer.js";
import { asNumber, asObject, asString, type MutableJson } from "../../../core/values/json.js";
import type { SoundFormat, SpeakRequest } from "../../../core/values/speech.js";
import { defined } from "../common/body-fields.js";
import { extensionsOf, unknownFields } from "../common/extensions.js";
import { jsonPost } from "../common/json-post.js";
import { bodyOf, leftOut } from "../common/kind-requests.js";
import { kindWriter } from "../common/kind-writer.js";
import { soundBytes, soundReply } from "../common/sound-bytes.js";
import { decodeSound } from "../common/speech.js";
import { streamJson } from "../common/stream-json.js";
import { markedUsage } from "../common/usage-mark.js";
import { errorBody } from "./error-encode.js";
import { soundStream } from "./sound-stream.js";

/** Speech as OpenAI and others serve it: https://platform.openai.com/docs/api-reference/audio/createSpeech */
export const speakCodec: KindCodec<"speak"> = {
  encode: (request, target) => encodeSpeech(request, target, voiceOf(request, target)),
  decode: (reply, _target, { format }) => decodeSound(reply, format),
  // Events report the usage; other models and vendors send only the bytes.
  stream: {
    ...soundStream,
    encode: (request, target) =>
      encodeSpeech(request, target, {
        ...voiceOf(request, target),
        ...(target.model.startsWith("gpt-") && { stream_format: "sse" }),
      }),
  },
};

/** How the ids of a customer's own voices begin, which are sent as objects: the declarations of the npm package openai 7.59.0. */
const CUSTOM_VOICE = "voice_";

function voiceOf(request: SpeakRequest, { model, voices }: DialectTarget): MutableJson {
  const voice = voiceName(request) ?? voicesOfModel(voices, model)?.default ?? "alloy";
  return { voice: voice.startsWith(CUSTOM_VOICE) ? { id: voice } : voice };
}

/** A request in OpenAI's fields. @param own fields that each vendor names in its own way, such as that of the voice */
export function encodeSpeech(
  request: SpeakRequest,
  target: DialectTarget,
  own: MutableJson,
  dialect: DialectId = "openai-chat",
): Encoded {
  const warnings: Warning[] = [];
  const { text, format, speed, instructions, language } = request;
  if (language !== undefined)
    warnings.push(leftOut("language", "the model detects the language from the text"));
  const body = defined({
    model: target.model,
    input: text,
    response_format: format,
    speed,
    instructions,
    ...own,
  });
  return {
    http: jsonPost("/audio/speech", body, request, target, dialect),
    warnings,
  };
}

/** The server half of {@link speakCodec}. */
export const speakServer: ServerKindCodec<"speak"> = {
  laws: speakLaws,
  matches: ({ method, path }) => method === "POST" && path.endsWith("/audio/speech"),
  decode,
  encode: soundReply,
  stream: (http) => (bodyOf(http.body)["stream_format"] === "sse" ? EVENTS : soundBytes),
};

/** https://platform.openai.com/docs/api-reference/audio/speech-audio-delta-event */
const EVENTS: ServedStream<"speak"> = {
  framing: "sse",
  encoder: (write) =>
    kindWriter(speakLaws, {
      content: ({ data }) => write({ data: JSON.stringify({ type: "speech.audio.delta", audio: data }) }),
      finish(response) {
        const { inputTokens, outputTokens } = response.usage;
        const usage = {
          input_tokens: inputTokens,
          output_tokens: outputTokens,
          total_tokens: inputTokens + outputTokens,
        };
        write({ data: JSON.stringify({ type: "speech.audio.done", usage: markedUsage(usage, response) }) });
        write({ data: "[DONE]" });
      },
      fail: (error) => write({ data: streamJson(errorBody(error)) }),
    }),
};

const KNOWN: ReadonlySet<string> = new Set([
  "model",
  "input",
  "voice",
  "response_format",
  "speed",
  "instructions",
  "stream_format",
]);

/** @throws {AiLibError} `INVALID_REQUEST` for a body without a text. */
function decode(http: HttpRequest): SpeakRequest {
  const body = bodyOf(http.body);
  const text = asString(body["input"]);
  if (text === undefined) throw invalidRequest("`input` must be a text");
  return {
    ...defined({ model: asString(body["model"]) }),
    text,
    ...defined({
      voice: asString(body["voice"]) ?? asString(asObject(body["voice"])?.["id"]),
      format: asString(body["response_format"]) as SoundFormat | undefined,
      speed: asNumber(body["speed"]),
      instructions: asString(body["instructions"]),
    }),
    ...extensionsOf("openai-chat", unknownFields(body, KNOWN)),
  };
}
