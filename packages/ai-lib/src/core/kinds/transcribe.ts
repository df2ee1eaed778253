import { invalidRequest } from "../errors/error.js";
import type { Warning } from "../values/answer.js";
import { isObject } from "../values/json.js";
import type { Modality } from "../values/model.js";
import type {
  SpokenSegment,
  TranscribeReply,
  TranscribeRequest,
  TranscribeResponse,
} from "../values/transcription.js";
import type { Usage } from "../values/usage.js";
import { adviseOnField } from "./advise.js";
import type { KindLaws, ReplyFrame, Requirements, TokenEstimate } from "./laws.js";
import { TEXT_ONLY } from "./requirements.js";
import { type ReplyDraft, streamed } from "./streamed.js";
import { checkFields, checkWord } from "./unary.js";

const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  "model",
  "audio",
  "language",
  "prompt",
  "timestamps",
  "speakers",
  "translate",
  "extensions",
] satisfies (keyof TranscribeRequest)[]);

const SOUND: Requirements = { ...TEXT_ONLY, input: new Set<Modality>(["audio"]) };

/** The rules of the kind `transcribe`. */
export const transcribeLaws: KindLaws<"transcribe"> = {
  ...streamed<"transcribe">({
    draft: transcriptDraft,
    respond,
    content: ({ text, segments = [] }) => [
      ...(text === "" ? [] : [{ type: "text-delta" as const, text }]),
      ...segments.map((segment) => ({ type: "segment" as const, segment })),
    ],
  }),
  kind: "transcribe",
  idempotent: true,
  validate,
  estimate,
  requirements: () => SOUND,
  explain: (error) =>
    adviseOnField(error, [
      {
        set: true,
        words:
          /decod|corrupt|(file|audio|media|sound)[^.]{0,40}(format|type|invalid|unsupported|not supported)|(format|unsupported|invalid)[^.]{0,40}(file|audio|media|sound)/i,
        advice: "`audio` must be a recording that the provider reads, such as an MP3 or WAV file",
      },
    ]),
  respond,
  warningsOf: (reply) => reply.warnings ?? [],
  sample: () => ({ text: "This is a sample.", language: "en", durationSeconds: 1 }),
};

/** Joins the texts of a stream; segments alone are joined by spaces. */
function transcriptDraft(): ReplyDraft<"transcribe"> {
  let text = "";
  const segments: SpokenSegment[] = [];
  return {
    add(event) {
      if (event.type === "text-delta") {
        text += event.text;
        return event.text.length;
      }
      segments.push(event.segment);
      return event.segment.text.length;
    },
    reply(end) {
      if (end === undefined && text === "" && segments.length === 0) return undefined;
      const joined = text === "" ? segments.map((each) => each.text.trim()).join(" ") : text.trim();
      return { ...(segments.length > 0 && { segments }), ...end, text: end?.text ?? joined };
    },
  };
}

/** Types that cannot contain sound. Other types can: Ogg and WebM files have types of applications and videos. */
const NO_SOUND = /^(image|text|font)\/|^application\/(pdf|json|zip|xml)/i;

/** Bytes of a second of sound at 128 kbit/s, as most MP3 files have it. */
const BYTES_PER_SECOND = 16_000;

/** Seconds assumed for sound by URL. */
const UNKNOWN_SECONDS = 60;

/** Tokens of a second of sound, roughly, where models count it in tokens. */
const TOKENS_PER_SECOND = 10;

/** Sound is billed by its length; the size of the file shows only its order of magnitude. */
function estimate({ audio: { data } }: TranscribeRequest): TokenEstimate {
  const seconds = data === undefined ? UNKNOWN_SECONDS : Math.ceil((data.length * 0.75) / BYTES_PER_SECOND);
  return { inputTokens: seconds * TOKENS_PER_SECOND, outputTokens: seconds * 3, units: { seconds } };
}

/** @throws {AiLibError} `INVALID_REQUEST` that names the field and says what to change. */
function validate(request: TranscribeRequest): void {
  checkFields("a transcript", request, REQUEST_FIELDS);
  const { audio, timestamps } = request;
  if (!isObject(audio) || (typeof audio["data"] !== "string" && typeof audio["url"] !== "string"))
    throw invalidRequest("`audio` must have `data` (base64) or a `url`");
  if (audio["data"] === "") throw invalidRequest("`audio.data` is empty");
  const { mediaType } = audio;
  if (typeof mediaType === "string" && NO_SOUND.test(mediaType))
    throw invalidRequest(
      `\`audio\` is no sound but ${mediaType}: pass a recording, such as an MP3 or WAV file`,
    );
  if (timestamps !== undefined && !Array.isArray(timestamps))
    throw invalidRequest("`timestamps` must be a list of segment and word");
  timestamps?.forEach((level, i) => {
    checkWord(`timestamps.${i}`, level, ["segment", "word"]);
  });
}

function respond(
  reply: TranscribeReply,
  warnings: readonly Warning[],
  frame: ReplyFrame,
): TranscribeResponse {
  const { text, language, durationSeconds, billedSeconds, segments, words, usage } = reply;
  return {
    id: reply.id ?? frame.id,
    provider: frame.provider,
    model: reply.model ?? frame.model,
    text,
    ...(language === undefined ? {} : { language }),
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(billedSeconds === undefined ? {} : { billedSeconds }),
    ...(segments === undefined ? {} : { segments }),
    ...(words === undefined ? {} : { words }),
    usage: withSeconds(usage ?? { inputTokens: 0, outputTokens: 0 }, billedSeconds ?? durationSeconds),
    usageStatus: usage === undefined && billedSeconds === undefined ? "unsupported" : "final",
    warnings,
    attempts: frame.attempts,
  };
}

/** Vendors that do not report what they bill, bill the length of the sound. */
function withSeconds(usage: Usage, seconds: number | undefined): Usage {
  return seconds === undefined ? usage : { ...usage, units: { seconds } };
}
