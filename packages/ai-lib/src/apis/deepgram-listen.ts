import type { DialectTarget, Encoded, KindCodec } from "../core/contract/dialect.js";
import type { HttpReply } from "../core/contract/transport.js";
import { AiLibError } from "../core/errors/error.js";
import { parseBody } from "../core/errors/parse-body.js";
import type { Warning } from "../core/values/answer.js";
import { bytesOfBase64 } from "../core/values/base64.js";
import { asArray, asNumber, asObject, asString } from "../core/values/json.js";
import type { TranscribeReply, TranscribeRequest } from "../core/values/transcription.js";
import { defined, nonEmpty } from "../dialects/shared/common/body-fields.js";
import { leftOut } from "../dialects/shared/common/kind-requests.js";
import { queryFields } from "../dialects/shared/common/query-fields.js";
import { spoken } from "../dialects/shared/common/transcripts.js";

/** Transcripts of Deepgram, whose options are in the query: https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded */
export const codec: KindCodec<"transcribe"> = { encode, decode };

function encode(request: TranscribeRequest, target: DialectTarget): Encoded {
  const { audio, language, prompt, timestamps = [], speakers, translate } = request;
  const warnings: Warning[] = [];
  const query: Record<string, string> = { model: target.model, smart_format: "true" };
  if (language === undefined) query["detect_language"] = "true";
  else query["language"] = language;
  if (timestamps.includes("segment") || speakers === true) query["utterances"] = "true";
  if (speakers === true) query["diarize"] = "true";
  if (prompt !== undefined)
    warnings.push(leftOut("prompt", "Deepgram takes keyterms: extensions.deepgram.keyterm"));
  if (translate === true) warnings.push(leftOut("translate", "Deepgram writes what is spoken"));
  Object.assign(query, queryFields(request.extensions, target.provider));
  const { data, url, mediaType } = audio;
  return {
    http: {
      method: "POST",
      path: "/listen",
      query,
      ...(data === undefined
        ? { headers: { "content-type": "application/json" }, body: JSON.stringify({ url }) }
        : {
            headers: { "content-type": mediaType ?? "application/octet-stream" },
            bytes: bytesOfBase64(data),
          }),
    },
    warnings,
  };
}

function decode(reply: HttpReply): TranscribeReply {
  const body = parseBody(reply.body);
  const results = asObject(body["results"]);
  const channel = asObject(asArray(results?.["channels"])[0]);
  const best = asObject(asArray(channel?.["alternatives"])[0]);
  const text = asString(best?.["transcript"]);
  if (text === undefined)
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: "Deepgram returned no transcript",
      body: reply.body,
    });
  const metadata = asObject(body["metadata"]);
  const segments = asArray(results?.["utterances"]).map((each) => {
    const utterance = asObject(each) ?? {};
    return { ...utterance, text: utterance["transcript"] };
  });
  const words = spoken(best?.["words"]);
  return {
    text,
    ...defined({
      id: asString(metadata?.["request_id"]),
      language: nonEmpty(channel?.["detected_language"]),
      durationSeconds: asNumber(metadata?.["duration"]),
      segments: segments.length === 0 ? undefined : spoken(segments),
      words: words.length === 0 ? undefined : words,
    }),
  };
}
