import { AiLibError } from "../../../core/errors/error.js";
import { voiceName } from "../../../core/kinds/voices.js";
import { base64OfBytes, bytesOfBase64 } from "../../../core/values/base64.js";
import type { EmbedReply, EmbedRequest } from "../../../core/values/embedding.js";
import type { ImageReply, ImageRequest, Picture } from "../../../core/values/image.js";
import { asArray } from "../../../core/values/json.js";
import { sniffMediaType } from "../../../core/values/media-type.js";
import type { RerankReply, RerankRequest } from "../../../core/values/rerank.js";
import type { SpeakReply, SpeakRequest } from "../../../core/values/speech.js";
import type {
  SpokenSegment,
  TranscribeReply,
  TranscribeRequest,
} from "../../../core/values/transcription.js";
import { tokenCount } from "../../../core/values/usage.js";
import type { CustomCall } from "../../../providers/own/adapter.js";
import type { ForeignEmbeddingModel, ForeignGenerator, ForeignRerankingModel } from "./models.js";
import { writeExtensions } from "./options.js";
import { foreign, readResponse, readUsage, readWarnings } from "./reply.js";

/* One function a kind: it asks a model of the AI SDK and reads what it returns. */

interface Common {
  readonly extensions?: EmbedRequest["extensions"];
}

function shared({ extensions }: Common, { signal, headers }: CustomCall) {
  return {
    abortSignal: signal,
    headers,
    ...(extensions !== undefined && { providerOptions: writeExtensions(extensions) }),
  };
}

function malformed(what: string): AiLibError {
  return new AiLibError({ code: "INVALID_RESPONSE", message: `The model of the AI SDK returned ${what}` });
}

/** Fields that the model does not take are refused: the AI SDK cannot pass them on. */
function refuse(fields: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined)
      throw new AiLibError({
        code: "UNSUPPORTED_FEATURE",
        message: `A model of the AI SDK has no "${name}"; set it in extensions, in the words of its provider`,
        local: true,
      });
}

/** Embeds texts, as many in one call as the model takes. */
export async function embedWith(
  model: ForeignEmbeddingModel,
  request: EmbedRequest,
  call: CustomCall,
): Promise<EmbedReply> {
  const { inputs, purpose, dimensions, format, truncate } = request;
  refuse({ purpose, truncate, format: format === "float" ? undefined : format });
  const values = inputs.map((input) => {
    if (typeof input === "string") return input;
    return input.map((part) => (part.type === "text" ? part.text : refuse({ image: part }))).join("");
  });
  const limit = await model.maxEmbeddingsPerCall;
  const size = typeof limit === "number" && limit >= 1 ? limit : values.length;
  const embeddings: number[][] = [];
  let tokens: number | undefined;
  for (let at = 0; at < values.length; at += size) {
    const options = {
      values: values.slice(at, at + size),
      ...(dimensions !== undefined && { dimensions }),
      ...shared(request, call),
    };
    const result = foreign(await model.doEmbed(options as never));
    const vectors = asArray(result["embeddings"]) as number[][];
    if (vectors.length !== options.values.length)
      throw malformed(`${vectors.length} vectors for ${options.values.length} texts`);
    embeddings.push(...vectors.map((vector) => [...vector]));
    const used = tokenCount(foreign(result["usage"])["tokens"]);
    if (used !== undefined) tokens = (tokens ?? 0) + used;
  }
  return {
    embeddings,
    ...(tokens !== undefined && { usage: { inputTokens: tokens, outputTokens: 0 } }),
  };
}

/** Orders documents. */
export async function rerankWith(
  model: ForeignRerankingModel,
  request: RerankRequest,
  call: CustomCall,
): Promise<RerankReply> {
  const { documents, query, topN, maxTokensPerDocument } = request;
  refuse({ maxTokensPerDocument });
  const areTexts = documents.every((document) => typeof document === "string");
  const values = areTexts
    ? documents
    : documents.map((document) => (typeof document === "string" ? { text: document } : document));
  const options = {
    documents: { type: areTexts ? "text" : "object", values },
    query,
    ...(topN !== undefined && { topN }),
    ...shared(request, call),
  };
  const result = foreign(await model.doRerank(options as never));
  const results = asArray(result["ranking"]).map((each) => {
    const { index, relevanceScore } = foreign(each);
    if (typeof index !== "number" || typeof relevanceScore !== "number") throw malformed("no ranking");
    return { index, score: relevanceScore };
  });
  return { results, warnings: readWarnings(result["warnings"]), ...readResponse(result["response"]) };
}

/** Makes pictures. */
export async function imageWith(
  model: ForeignGenerator,
  request: ImageRequest,
  call: CustomCall,
): Promise<ImageReply> {
  const { prompt, n = 1, size, aspectRatio, seed, images, mask, quality, background, format } = request;
  refuse({ quality, background, format });
  const options = {
    prompt,
    n,
    size,
    aspectRatio,
    seed,
    files: images?.map(pictureFile),
    mask: mask === undefined ? undefined : pictureFile(mask),
    providerOptions: {},
    ...shared(request, call),
  };
  const result = foreign(await model.doGenerate(options as never));
  const made = asArray(result["images"]).map((each) => {
    const data = bytesText(each);
    const mediaType = sniffMediaType(bytesOfBase64(data.slice(0, 64)));
    return { data, ...(mediaType !== undefined && { mediaType }) };
  });
  const usage = readUsage(result["usage"]);
  return {
    images: made,
    warnings: readWarnings(result["warnings"]),
    ...readResponse(result["response"]),
    ...(usage !== undefined && { usage }),
  };
}

function pictureFile({ data, url, mediaType = "image/png" }: Picture): object {
  return data === undefined ? { type: "url", url } : { type: "file", data, mediaType };
}

function bytesText(value: unknown): string {
  if (value instanceof Uint8Array) return base64OfBytes(value);
  if (typeof value === "string") return value;
  throw malformed("neither bytes nor base64");
}

/** Reads a text aloud. */
export async function speakWith(
  model: ForeignGenerator,
  request: SpeakRequest,
  call: CustomCall,
): Promise<SpeakReply> {
  const { text, format, speed, instructions, language } = request;
  const options = {
    text,
    voice: voiceName(request),
    outputFormat: format,
    speed,
    instructions,
    language,
    ...shared(request, call),
  };
  const result = foreign(await model.doGenerate(options as never));
  const data = bytesText(result["audio"]);
  const mediaType = sniffMediaType(bytesOfBase64(data.slice(0, 64))) ?? "audio/mpeg";
  return {
    audio: { data, mediaType },
    warnings: readWarnings(result["warnings"]),
    ...readResponse(result["response"]),
  };
}

/** Writes down what is said. */
export async function transcribeWith(
  model: ForeignGenerator,
  request: TranscribeRequest,
  call: CustomCall,
): Promise<TranscribeReply> {
  const { audio, language, prompt, timestamps, speakers, translate } = request;
  refuse({
    language,
    prompt,
    speakers,
    translate,
    "audio.url": audio.data === undefined ? audio.url : undefined,
  });
  const options = {
    audio: bytesOfBase64(audio.data ?? ""),
    mediaType: audio.mediaType ?? "audio/wav",
    timestampGranularities: timestamps,
    ...shared(request, call),
  };
  const result = foreign(await model.doGenerate(options as never));
  const { text, language: spoken, durationInSeconds } = result;
  if (typeof text !== "string") throw malformed("no text");
  return {
    text,
    ...(typeof spoken === "string" && { language: spoken }),
    ...(typeof durationInSeconds === "number" && { durationSeconds: durationInSeconds }),
    segments: segments(result["segments"]),
    ...(Array.isArray(result["words"]) && { words: segments(result["words"]) }),
    warnings: readWarnings(result["warnings"]),
    ...readResponse(result["response"]),
  };
}

function segments(value: unknown): SpokenSegment[] {
  return asArray(value).map((each) => {
    const { text, startSecond, endSecond } = foreign(each);
    return { text: String(text), start: Number(startSecond), end: Number(endSecond) };
  });
}
