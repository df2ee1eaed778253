import fc from "fast-check";
import type { JsonObject } from "../../../src/core/values/json.js";
import type {
  AudioPart,
  CacheMark,
  CompactionPart,
  ContentPart,
  Extensions,
  FilePart,
  ImagePart,
  MediaPart,
  Origin,
  PartBase,
  ReasoningPart,
  RefusalPart,
  SourcePart,
  TextPart,
  TokenLogprob,
  ToolCallPart,
  ToolResultContent,
  ToolResultPart,
  UploadedFile,
  VideoClip,
} from "../../../src/core/values/message.js";
import { type Every, record } from "./record.js";

const number = fc.nat(0x7fff_ffff);
/** Words that hardly ever come twice, so that what became of each can be told. */
export const prose: fc.Arbitrary<string> = fc
  .tuple(number, fc.string({ unit: "grapheme", maxLength: 6 }), fc.constantFrom("", "\n", "\u2028", "🌡️ 2°"))
  .map(([serial, text, rare]) => `w${serial} ${text}${rare}.`);
/** A word of letters and digits alone. */
export const word: fc.Arbitrary<string> = number.map((serial) => `w${serial.toString(36)}`);
export const object: fc.Arbitrary<JsonObject> = fc
  .array(fc.tuple(word, fc.oneof(prose, fc.integer(), fc.boolean(), fc.constant(null), fc.array(word))), {
    maxLength: 3,
  })
  .map((entries) => Object.fromEntries(entries));
export const schema: fc.Arbitrary<JsonObject> = fc
  .uniqueArray(word, { minLength: 1, maxLength: 2 })
  .map((names) => ({
    type: "object",
    properties: Object.fromEntries(
      names.map((name) => [name, { type: "string", description: `of ${name}` }]),
    ),
    required: names,
    additionalProperties: false,
  }));
export const base64 = fc
  .uint8Array({ minLength: 3, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes).toString("base64"));
export const url = word.map((path) => `https://files.example/${path}`);

/** What one dialect's requests may hold that another's would not. */
export interface Scope {
  /** Vendor fields stand under this key. */
  readonly dialect: string;
  /** Who else's state and files occur. */
  readonly stranger: string;
}

/** Nobody's dialect: for types and folds, where none matters. */
export const ANYWHERE: Scope = { dialect: "some-dialect", stranger: "elsewhere" };

export const cache: fc.Arbitrary<CacheMark> = record<CacheMark>({ ttl: fc.constantFrom("5m", "1h") }, [], 2);

export function extensionsOf(scope: Scope): fc.Arbitrary<Extensions> {
  return fc.tuple(word, word).map(([name, value]) => ({ [scope.dialect]: { [`x${name}`]: value } }));
}

/** State of a family that no dialect is of. */
function origin(scope: Scope): fc.Arbitrary<Origin> {
  return record<Origin>(
    {
      family: fc.constant(scope.stranger),
      provider: word,
      model: word,
      account: word,
      data: object,
    },
    ["family", "data"],
    2,
  );
}

function base(scope: Scope): Every<PartBase> {
  return { cache, extensions: extensionsOf(scope), origin: origin(scope) };
}

/** A part as a user writes it: state and probabilities are set by decoders alone. */
export function written<P extends PartBase>(part: fc.Arbitrary<P>): fc.Arbitrary<P> {
  return part.map((one) => {
    const {
      origin: _state,
      logprobs: _told,
      phase: _phase,
      ...rest
    } = one as P & {
      logprobs?: unknown;
      phase?: unknown;
    };
    return rest as unknown as P;
  });
}

const logprob = fc.record({ token: word, logprob: fc.constantFrom(-0.5, -2.25) });
export const logprobs = fc.array(
  record<TokenLogprob>(
    {
      token: word,
      logprob: fc.constantFrom(-0.125, -4),
      top: fc.array(logprob, { minLength: 1, maxLength: 2 }),
    },
    ["token", "logprob"],
    2,
  ),
  { minLength: 1, maxLength: 2 },
);

export function textPart(scope: Scope): fc.Arbitrary<TextPart> {
  return record<TextPart>(
    {
      ...base(scope),
      type: fc.constant("text"),
      text: prose,
      logprobs,
      phase: fc.constantFrom("commentary", "final-answer"),
    },
    ["type", "text"],
    12,
  );
}

const uploaded = (scope: Scope) =>
  record<UploadedFile>({ provider: fc.constant(scope.stranger), id: word, uri: url }, ["provider", "id"], 2);

/** Exactly one of the three places where bytes may be. */
function placed<T extends MediaPart>(
  part: fc.Arbitrary<T>,
  scope: Scope,
  mediaType: string,
): fc.Arbitrary<T> {
  const place: fc.Arbitrary<MediaPart> = fc.oneof(
    { weight: 5, arbitrary: base64.map((data) => ({ data, mediaType })) },
    // Where no type stands beside a URL, its ending tells what it is.
    { weight: 3, arbitrary: url.map((one) => ({ url: `${one}.${mediaType.replace(/^.*\//, "")}` })) },
    { weight: 1, arbitrary: fc.record({ url, mediaType: fc.constant(mediaType) }) },
    { weight: 1, arbitrary: uploaded(scope).map((file) => ({ uploaded: file })) },
  );
  return fc.tuple(part, place).map(([one, where]) => ({ ...one, ...where }));
}

/** The fields of media that {@link placed} fills in. */
type Placed = "url" | "data" | "uploaded" | "mediaType";

export function imagePart(scope: Scope): fc.Arbitrary<ImagePart> {
  const part = record<Omit<ImagePart, Placed>>(
    {
      ...base(scope),
      type: fc.constant("image"),
      detail: fc.constantFrom("low", "high", "original", "auto"),
    },
    ["type"],
    12,
  );
  return placed<ImagePart>(part, scope, "image/png");
}

export function audioPart(scope: Scope): fc.Arbitrary<AudioPart> {
  const part = record<Omit<AudioPart, Placed>>(
    { ...base(scope), type: fc.constant("audio"), transcript: prose },
    ["type"],
    12,
  );
  return placed<AudioPart>(part, scope, "audio/wav");
}

export function filePart(scope: Scope): fc.Arbitrary<FilePart> {
  const part = record<Omit<FilePart, Placed>>(
    {
      ...base(scope),
      type: fc.constant("file"),
      name: word.map((name) => `${name}.pdf`),
      context: prose,
      citations: fc.boolean(),
      clip: record<VideoClip>(
        { fps: fc.constantFrom(0.5, 24), start: fc.constantFrom(1.5, 3), end: fc.nat(90) },
        [],
        2,
      ),
    },
    ["type"],
    3,
  );
  return placed<FilePart>(part, scope, "application/pdf");
}

export function reasoningPart(scope: Scope): fc.Arbitrary<ReasoningPart> {
  return record<ReasoningPart>(
    { ...base(scope), type: fc.constant("reasoning"), text: prose, redacted: fc.constant(true) },
    ["type", "text"],
    12,
  );
}

export function compactionPart(scope: Scope): fc.Arbitrary<CompactionPart> {
  return record<CompactionPart>(
    { ...base(scope), type: fc.constant("compaction"), text: prose },
    ["type", "origin"],
    4,
  );
}

export function refusalPart(scope: Scope): fc.Arbitrary<RefusalPart> {
  return record<RefusalPart>(
    { ...base(scope), type: fc.constant("refusal"), text: prose },
    ["type", "text"],
    12,
  );
}

/** A call of a text tool. */
export function textCallPart(scope: Scope): fc.Arbitrary<ToolCallPart> {
  return record<Omit<ToolCallPart, "argumentsText" | "arguments" | "executedBy">>(
    {
      ...base(scope),
      type: fc.constant("tool-call"),
      id: word.map((id) => `call_${id}`),
      name: word,
      input: prose,
    },
    ["type", "id", "name", "input"],
    12,
  );
}

/** A call whose arguments are whole; {@link cutCall} is the other kind. */
export function toolCallPart(scope: Scope): fc.Arbitrary<ToolCallPart> {
  return record<Omit<ToolCallPart, "argumentsText" | "input">>(
    {
      ...base(scope),
      type: fc.constant("tool-call"),
      id: word.map((id) => `call_${id}`),
      name: word,
      arguments: object,
      executedBy: fc.constant("provider"),
    },
    ["type", "id", "name", "arguments"],
    12,
  );
}

/** A call that the token limit cut. */
export const cutCall: fc.Arbitrary<ToolCallPart> = fc.tuple(word, word, word).map(([id, name, text]) => ({
  type: "tool-call",
  id,
  name,
  argumentsText: `{"${text}": `,
}));

export function toolResultPart(scope: Scope): fc.Arbitrary<ToolResultPart> {
  const content: fc.Arbitrary<ToolResultContent> = fc.oneof(
    { weight: 4, arbitrary: written(textPart(scope)) },
    written(imagePart(scope)),
    written(audioPart(scope)),
    written(filePart(scope)),
  );
  return record<ToolResultPart>(
    {
      ...base(scope),
      type: fc.constant("tool-result"),
      id: word,
      name: word,
      content: fc.oneof(
        { weight: 3, arbitrary: prose },
        { weight: 1, arbitrary: fc.array(content, { minLength: 1, maxLength: 2 }) },
      ),
      isError: fc.boolean(),
      executedBy: fc.constant("provider"),
    },
    ["type", "id", "content"],
    12,
  );
}

export function sourcePart(scope: Scope): fc.Arbitrary<SourcePart> {
  return record<SourcePart>(
    {
      ...base(scope),
      type: fc.constant("source"),
      url,
      documentId: word,
      title: prose,
      quote: prose,
      cites: record<NonNullable<SourcePart["cites"]>>(
        { index: fc.constant(0), start: fc.constant(0), end: fc.constant(2) },
        ["index"],
        2,
      ),
    },
    ["type", "url"],
    3,
  );
}

/** Parts of an answer, or of a model's turn in a request. */
export function contentParts(scope: Scope, maxLength = 5): fc.Arbitrary<ContentPart[]> {
  const ran = fc.tuple(toolCallPart(scope), toolResultPart(scope)).map(([call, result]): ContentPart[] => [
    { ...call, executedBy: "provider" },
    { ...result, id: call.id, name: call.name, executedBy: "provider" },
  ]);
  const single = fc
    .oneof(
      { weight: 8, arbitrary: textPart(scope) },
      { weight: 4, arbitrary: reasoningPart(scope) },
      { weight: 5, arbitrary: toolCallPart(scope) },
      { weight: 1, arbitrary: textCallPart(scope) },
      { weight: 1, arbitrary: refusalPart(scope) },
      { weight: 1, arbitrary: compactionPart(scope) },
      { weight: 1, arbitrary: imagePart(scope) },
      { weight: 1, arbitrary: audioPart(scope) },
      { weight: 1, arbitrary: filePart(scope) },
      { weight: 2, arbitrary: sourcePart(scope) },
    )
    .map((part) => [part]);
  return fc
    .array(fc.oneof({ weight: 8, arbitrary: single }, { weight: 1, arbitrary: ran }), { maxLength })
    .map((groups) => groups.flat());
}
