import type { VoiceListCodec, VoicePage } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { asArray, asObject, asString, type JsonObject, tryParse } from "../../../core/values/json.js";
import type { VoiceInfo } from "../../../core/values/speech.js";
import { defined } from "./body-fields.js";

/** What an entry of a list says of a voice. */
export type VoiceEntry = { readonly [K in keyof VoiceInfo]?: VoiceInfo[K] | undefined };

/** The request for a list. */
export function voicesGet(path: string, query?: Readonly<Record<string, string>>): HttpRequest {
  return { method: "GET", path, headers: {}, ...(query !== undefined && { query }) };
}

/** The body of a list; an empty object where there is none. */
export function listOfReply({ body }: HttpReply): JsonObject {
  return asObject(tryParse(body)) ?? {};
}

/** The voices of a list; entries without an id are left out. */
export function voicesIn(
  list: unknown,
  provider: string,
  read: (entry: JsonObject) => VoiceEntry,
): VoiceInfo[] {
  return asArray(list).flatMap((item): VoiceInfo[] => {
    const { id, name, languages, description } = read(asObject(item) ?? {});
    if (id === undefined || id === "") return [];
    return [{ id, provider, ...defined({ name: name === id ? undefined : name, languages, description }) }];
  });
}

/** A list that comes in one page. */
export function wholeVoiceList(
  path: string,
  field: string,
  read: (entry: JsonObject) => VoiceEntry,
): VoiceListCodec {
  return {
    encode: () => voicesGet(path),
    decode: (reply, { provider }): VoicePage => ({
      voices: voicesIn(listOfReply(reply)[field], provider, read),
    }),
  };
}

/** One language as a list; undefined for none. */
export function oneLanguage(language: unknown): readonly string[] | undefined {
  const code = asString(language);
  return code === undefined ? undefined : [code];
}

/** The texts of a list; undefined for anything else. */
export function textsOf(list: unknown): readonly string[] | undefined {
  return Array.isArray(list) ? list.filter((each) => typeof each === "string") : undefined;
}
