import type { KindCodec, ServerKindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import { speakLaws } from "../../../core/kinds/speak.js";
import type { Warning } from "../../../core/values/answer.js";
import { bytesOfBase64 } from "../../../core/values/base64.js";
import { asNumber, asString } from "../../../core/values/json.js";
import type { SoundFormat, SpeakRequest, SpeakResponse } from "../../../core/values/speech.js";
import { defined } from "../common/body-fields.js";
import { extended, extensionsOf, unknownFields } from "../common/extensions.js";
import { jsonFor } from "../common/headers.js";
import { bodyOf, leftOut } from "../common/kind-requests.js";
import { decodeSound } from "../common/speech.js";
import { wellFormedJson } from "../common/well-formed.js";

/** Speech as OpenAI and others serve it: https://platform.openai.com/docs/api-reference/audio/createSpeech */
export const speakCodec: KindCodec<"speak"> = {
  encode(request, target) {
    const warnings: Warning[] = [];
    const { text, voice = "alloy", format, speed, instructions, language } = request;
    if (language !== undefined)
      warnings.push(leftOut("language", "the model tells the language by the text"));
    const body = defined({
      model: target.model,
      input: text,
      voice,
      response_format: format,
      speed,
      instructions,
    });
    return {
      http: {
        method: "POST",
        path: "/audio/speech",
        headers: jsonFor("unary"),
        body: wellFormedJson(extended(body, request.extensions, "openai-chat", target.provider)),
      },
      warnings,
    };
  },
  decode: (reply, _target, { format }) => decodeSound(reply, format),
};

/** The server's side of {@link speakCodec}. */
export const speakServer: ServerKindCodec<"speak"> = {
  laws: speakLaws,
  matches: ({ method, path }) => method === "POST" && path.endsWith("/audio/speech"),
  decode,
  encode,
};

const KNOWN: ReadonlySet<string> = new Set([
  "model",
  "input",
  "voice",
  "response_format",
  "speed",
  "instructions",
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
      voice: asString(body["voice"]),
      format: asString(body["response_format"]) as SoundFormat | undefined,
      speed: asNumber(body["speed"]),
      instructions: asString(body["instructions"]),
    }),
    ...extensionsOf("openai-chat", unknownFields(body, KNOWN)),
  };
}

function encode({ audio }: SpeakResponse): HttpReply {
  return {
    status: 200,
    headers: { "content-type": audio.mediaType },
    body: "",
    bytes: bytesOfBase64(audio.data),
  };
}
