import type { DialectTarget, Encoded, KindCodec } from "../../../core/contract/dialect.js";
import type { Warning } from "../../../core/values/answer.js";
import type { TranscribeRequest } from "../../../core/values/transcription.js";
import { formFields } from "../../shared/common/form-fields.js";
import { leftOut } from "../../shared/common/kind-requests.js";
import { type FormPart, formPost } from "../../shared/common/multipart.js";
import { decodeTranscript, soundPart } from "../../shared/common/transcripts.js";
import { transcriptStream } from "../../shared/openai/transcript-stream.js";
import { DIALECT } from "../shared/family.js";

/** Transcripts of Mistral: https://docs.mistral.ai/capabilities/audio_transcription */
export const transcribeCodec: KindCodec<"transcribe"> = {
  encode: (request, target) => encode(request, target, []),
  decode: decodeTranscript,
  stream: {
    ...transcriptStream,
    encode: (request, target) => encode(request, target, [{ name: "stream", value: "true" }]),
  },
};

function encode(request: TranscribeRequest, target: DialectTarget, streaming: readonly FormPart[]): Encoded {
  const { audio, language, prompt, timestamps = [], speakers, translate } = request;
  const warnings: Warning[] = [];
  const parts: FormPart[] = [{ name: "model", value: target.model }];
  if (language !== undefined && timestamps.length > 0)
    warnings.push(leftOut("language", "Mistral takes a language or times, not both"));
  else if (language !== undefined) parts.push({ name: "language", value: language });
  for (const value of timestamps) parts.push({ name: "timestamp_granularities", value });
  if (speakers === true) parts.push({ name: "diarize", value: "true" });
  if (prompt !== undefined) warnings.push(leftOut("prompt", "Mistral takes no prompt with sound"));
  if (translate === true) warnings.push(leftOut("translate", "Mistral writes what is spoken"));
  parts.push(...streaming, ...formFields(request.extensions, DIALECT, target.provider));
  if (audio.data === undefined && audio.url !== undefined) parts.push({ name: "file_url", value: audio.url });
  else parts.push(soundPart(audio, target));
  return { http: formPost("/audio/transcriptions", parts), warnings };
}
