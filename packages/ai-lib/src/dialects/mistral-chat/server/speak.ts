import type { ServedStream, ServerKindCodec } from "../../../core/contract/dialect.js";
import { speakLaws } from "../../../core/kinds/speak.js";
import { asString } from "../../../core/values/json.js";
import { bodyOf } from "../../shared/common/kind-requests.js";
import { kindWriter } from "../../shared/common/kind-writer.js";
import { streamJson } from "../../shared/common/stream-json.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { speakServer as openAiSpeech } from "../../shared/openai/speak.js";
import { encodeUsage } from "../shared/usage.js";
import { errorBody } from "./errors.js";

/** The server half of Mistral's speech, whose sound comes in JSON: https://docs.mistral.ai/capabilities/audio */
export const speakServer: ServerKindCodec<"speak"> = {
  ...openAiSpeech,
  decode(http) {
    const request = openAiSpeech.decode(http);
    const voice = request.voice ?? asString(bodyOf(http.body)["voice_id"]);
    return voice === undefined ? request : { ...request, voice };
  },
  encode: ({ audio }) => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ audio_data: audio.data }),
  }),
  stream: (http) => (bodyOf(http.body)["stream"] === true ? EVENTS : undefined),
};

const EVENTS: ServedStream<"speak"> = {
  framing: "sse",
  encoder(write) {
    const send = (type: string, fields: object) =>
      write({ event: type, data: JSON.stringify({ type, ...fields }) });
    return kindWriter(speakLaws, {
      content: ({ data }) => send("speech.audio.delta", { audio_data: data }),
      finish: (response) =>
        send("speech.audio.done", { usage: markedUsage(encodeUsage(response.usage, undefined), response) }),
      fail: (error) => write({ data: streamJson(errorBody(error)) }),
    });
  },
};
