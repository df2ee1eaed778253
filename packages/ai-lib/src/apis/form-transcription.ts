import type { DialectTarget, KindCodec } from "../core/contract/dialect.js";
import type { Warning } from "../core/values/answer.js";
import type { TranscribeRequest } from "../core/values/transcription.js";
import { formFields } from "../dialects/shared/common/form-fields.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";
import { type FormPart, formPost } from "../dialects/shared/common/multipart.js";
import { decodeTranscript, soundPart } from "../dialects/shared/common/transcripts.js";

/** A vendor's form for sound: where it goes, and the fields of the request by the vendor's names. */
export interface TranscriptionForm {
  readonly path: string;
  /** The field of the model; absent where there is one model alone. */
  readonly model?: string;
  readonly language: string;
  /** The fields for times; absent where they come anyway or not at all. */
  timestamps?(levels: NonNullable<TranscribeRequest["timestamps"]>): readonly FormPart[];
  /** The field, and its value, that asks who speaks. */
  readonly speakers?: FormPart;
  /** The field of a URL that the vendor fetches. */
  readonly url?: string;
  /** Why a field is left out, by its name. */
  readonly cannot: Readonly<Partial<Record<"prompt" | "translate" | "timestamps" | "speakers", string>>>;
}

/** Transcripts of a vendor that takes a form and answers with a `text`. */
export function formTranscription(form: TranscriptionForm): KindCodec<"transcribe"> {
  return {
    encode(request, target: DialectTarget) {
      const warnings: Warning[] = [];
      const parts: FormPart[] = form.model === undefined ? [] : [{ name: form.model, value: target.model }];
      const { audio, language, timestamps = [], speakers } = request;
      if (language !== undefined) parts.push({ name: form.language, value: language });
      if (timestamps.length > 0 && form.timestamps !== undefined) parts.push(...form.timestamps(timestamps));
      if (speakers === true && form.speakers !== undefined) parts.push(form.speakers);
      const asked = {
        prompt: request.prompt !== undefined,
        translate: request.translate === true,
        timestamps: timestamps.length > 0,
        speakers: speakers === true,
      };
      for (const field of Object.keys(asked) as (keyof typeof asked)[]) {
        const why = form.cannot[field];
        if (asked[field] && why !== undefined) warnings.push(leftOut(field, why));
      }
      parts.push(...formFields(request.extensions, "openai-chat", target.provider));
      if (audio.data === undefined && audio.url !== undefined && form.url !== undefined)
        parts.push({ name: form.url, value: audio.url });
      else parts.push(soundPart(audio, target));
      return { http: formPost(form.path, parts), warnings };
    },
    decode: decodeTranscript,
  };
}
