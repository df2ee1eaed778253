import { invalidRequest } from "../errors/error.js";
import type { Warning } from "../values/answer.js";
import { joinBase64 } from "../values/base64.js";
import type { Modality } from "../values/model.js";
import type { AudioDeltaEvent, SpeakReply, SpeakRequest, SpeakResponse } from "../values/speech.js";
import { tokensOf } from "../values/usage.js";
import { adviseOnField, adviseOnLength } from "./advise.js";
import { answerFacts } from "./answer-facts.js";
import type { KindLaws, ReplyFrame, Requirements } from "./laws.js";
import { TEXT_ONLY } from "./requirements.js";
import { type ReplyDraft, streamed } from "./streamed.js";
import { checkFields, checkWord } from "./unary.js";
import { adviseOnVoice, checkVoice, voiceName, withOwnVoice } from "./voices.js";

const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  "model",
  "text",
  "voice",
  "format",
  "speed",
  "instructions",
  "language",
  "extensions",
] satisfies (keyof SpeakRequest)[]);

const FORMATS = ["mp3", "wav", "opus", "aac", "flac", "pcm"];

const SOUND: Requirements = { ...TEXT_ONLY, output: new Set<Modality>(["audio"]) };

/** The smallest frame of an MP3 file, for tests. */
const SAMPLE = { data: "//uQxAAAAAAAAAAAAAAAAAAAAAAA", mediaType: "audio/mpeg" };

/** A few raw samples of silence, for tests. */
const SILENCE = { data: "AAAAAAAAAAAAAAAA", mediaType: "audio/pcm;rate=24000" };

/** The rules of the kind `speak`. Two vendors never return the same speech, so the kind is not hedged. */
export const speakLaws: KindLaws<"speak"> = {
  ...streamed<"speak">({
    draft: soundDraft,
    respond,
    content: ({ audio }) => [{ type: "audio-delta", ...audio }],
  }),
  kind: "speak",
  idempotent: false,
  validate,
  estimate: ({ text, instructions = "" }) => ({
    inputTokens: tokensOf(text.length + instructions.length),
    outputTokens: 0,
    units: { characters: text.length },
  }),
  requirements: () => SOUND,
  respond,
  warningsOf: (reply) => reply.warnings ?? [],
  refine: withCharacters,
  forTarget: withOwnVoice,
  explain(error, request, target) {
    const voice = voiceName(request);
    return adviseOnLength(
      adviseOnField(error, [
        {
          set: voice !== undefined,
          words: /voice/i,
          advice: adviseOnVoice(voice ?? "", target),
        },
        {
          set: request.format !== undefined,
          words: /format|codec|encoding/i,
          advice: "use another `format`, or leave it out",
        },
      ]),
      "cut `text` into several calls",
    );
  },
  sample: ({ format }) => ({ audio: format === "pcm" ? SILENCE : SAMPLE }),
};

/** Joins the pieces of a sound. */
function soundDraft(): ReplyDraft<"speak"> {
  const pieces: string[] = [];
  let mediaType: string | undefined;
  return {
    add(event: AudioDeltaEvent) {
      mediaType ??= event.mediaType;
      pieces.push(event.data);
      return event.data.length;
    },
    reply: (end) =>
      mediaType === undefined ? undefined : { ...end, audio: { data: joinBase64(pieces), mediaType } },
  };
}

/** @throws {AiLibError} `INVALID_REQUEST` that names the field and says what to change. */
function validate(request: SpeakRequest): void {
  checkFields("speech", request, REQUEST_FIELDS);
  if (typeof request.text !== "string" || request.text === "")
    throw invalidRequest("`text` must be a text that is not empty");
  checkVoice(request.voice);
  checkWord("format", request.format, FORMATS);
  const { speed } = request;
  if (speed !== undefined && !(typeof speed === "number" && speed > 0 && speed <= 4))
    throw invalidRequest(`\`speed\` must be more than 0 and at most 4, not ${String(speed)}`);
}

function respond(reply: SpeakReply, warnings: readonly Warning[], frame: ReplyFrame): SpeakResponse {
  return {
    ...answerFacts(reply, warnings, frame),
    audio: reply.audio,
  };
}

/** Most vendors bill the characters of the text. */
function withCharacters(response: SpeakResponse, { text }: SpeakRequest): SpeakResponse {
  return { ...response, usage: { ...response.usage, units: { characters: text.length } } };
}
