import type { ServerKindCodec } from "../../../core/contract/dialect.js";
import { asString } from "../../../core/values/json.js";
import { bodyOf } from "../../shared/common/kind-requests.js";
import { speakServer as openAiSpeech } from "../../shared/openai/speak.js";

/** The server's side of Mistral's speech, whose sound comes in JSON: https://docs.mistral.ai/capabilities/audio */
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
};
