import { invalidRequest } from "../errors/error.js";
import type { Warning } from "../values/answer.js";
import { isObject } from "../values/json.js";
import { matchesModel } from "../values/model-pattern.js";
import { nearest } from "../values/nearest.js";
import type { KnownVoices, SpeakRequest, VoiceInfo, VoiceList } from "../values/speech.js";
import type { RequestTarget } from "./laws.js";

/** Voices that an error names. */
const MAX_NAMED = 40;

/** The voices of a model that the provider's data lists. */
export function voicesOfModel(voices: KnownVoices | undefined, model: string): VoiceList | undefined {
  const own = voices?.byModel?.find(({ match }) => match.some((pattern) => matchesModel(pattern, model)));
  return own ?? voices;
}

/** Known voices in the form of a provider's list. */
export function voiceInfos(provider: string, { names, byModel = [] }: KnownVoices): VoiceInfo[] {
  return [
    ...names.map((id) => ({ id, provider })),
    ...byModel.flatMap((own) => own.names.map((id) => ({ id, provider, models: own.match }))),
  ];
}

/** @throws {AiLibError} `INVALID_REQUEST` for a voice that is neither a name nor a table of names. */
export function checkVoice(voice: unknown): void {
  const names = isObject(voice) ? Object.values(voice) : [voice];
  if (voice === undefined || (names.length > 0 && names.every(isName))) return;
  throw invalidRequest(
    '`voice` must be the name of a voice, or an object with a voice for each provider: { openai: "nova", elevenlabs: "JBFqnCBsd6RMkjVDRZzb" }',
  );
}

function isName(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

/**
 * The request for one target: with its voice from a table, and with the vendor's name in place of a name of the caller.
 */
export function withOwnVoice(
  request: SpeakRequest,
  { provider, model, voiceNames }: RequestTarget,
  warnings: Warning[],
): SpeakRequest {
  const { voice: given, ...rest } = request;
  if (given === undefined) return request;
  const named =
    typeof given === "string" ? given : (own(given, `${provider}/${model}`) ?? own(given, provider));
  if (named === undefined) {
    const known = Object.keys(given).slice(0, MAX_NAMED).join(", ");
    const message = `The table of voices has none for ${provider}, which uses its default voice; the table has: ${known}`;
    warnings.push({ code: "changed", field: "voice", message });
    return rest;
  }
  const voice = own(voiceNames ?? {}, named) ?? named;
  return voice === given ? request : { ...rest, voice };
}

function own(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** What to do about a voice that a target refused. */
export function adviseOnVoice(voice: string, { provider, model, voices }: RequestTarget): string {
  const known = voicesOfModel(voices, model);
  const other = `the voice "${voice}" may be another vendor's`;
  if (known === undefined || known.names.length === 0 || known.names.includes(voice))
    return `${other}: use one of this provider (listVoices() lists those of many), or leave \`voice\` out`;
  const near = nearest(voice, known.names).map((name) => `"${name}"`);
  const meant = near.length === 0 ? `${other}:` : `did you mean ${near.join(" or ")}?`;
  const listed = known.names.slice(0, MAX_NAMED).join(", ");
  const more = voices?.more === true ? ", and those of your account" : "";
  return `${meant} ${provider} has ${listed}${more}; or leave \`voice\` out`;
}

/** The name of a voice, in a request that {@link withOwnVoice} returned. */
export function voiceName({ voice }: SpeakRequest): string | undefined {
  return typeof voice === "string" ? voice : undefined;
}
