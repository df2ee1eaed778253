import type { DialectId } from "../../core/contract/dialect.js";
import {
  jsonReply,
  type ServiceHead,
  type ServiceReply,
  type ServiceRequest,
  type SimulatedService,
} from "./service.js";

/** How each vendor lists voices, by the path. */
const LISTS: readonly (readonly [
  path: RegExp,
  dialect: DialectId,
  list: (voices: readonly string[]) => unknown,
])[] = [
  // https://docs.mistral.ai/studio/audio/text-to-speech/voices
  [
    /\/audio\/voices$/,
    "mistral-chat",
    (voices) => ({
      items: voices.map((id) => ({ id, name: id, languages: [] })),
      total: voices.length,
      page: 1,
    }),
  ],
  // https://docs.x.ai/developers/rest-api-reference/inference/voice
  [
    /\/tts\/voices$/,
    "openai-chat",
    (voices) => ({ voices: voices.map((id) => ({ voice_id: id, name: id })) }),
  ],
  // https://elevenlabs.io/docs/api-reference/voices/get-all
  [
    /\/v1\/voices$/,
    "openai-chat",
    (voices) => ({ voices: voices.map((id) => ({ voice_id: id, name: id })) }),
  ],
  // https://docs.cartesia.ai/api-reference/voices/list
  [
    /^\/voices$/,
    "openai-chat",
    (voices) => ({ data: voices.map((id) => ({ id, name: id, language: "en" })), has_more: false }),
  ],
];

/** Lists of voices as Mistral, xAI, ElevenLabs and Cartesia serve them. */
export class VoiceLists implements SimulatedService {
  constructor(private readonly voices: readonly string[]) {}

  serves({ method, path }: ServiceHead): DialectId | undefined {
    return method === "GET" ? LISTS.find(([pattern]) => pattern.test(path))?.[1] : undefined;
  }

  answer({ path, query }: ServiceRequest): ServiceReply {
    const list = LISTS.find(([pattern]) => pattern.test(path))?.[2];
    const isBehind = (query["offset"] ?? "0") !== "0" || query["starting_after"] !== undefined;
    return jsonReply(list?.(isBehind ? [] : this.voices));
  }
}
