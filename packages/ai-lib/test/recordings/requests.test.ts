import { describe, expect, it } from "vitest";
import type { ClientHalf, DialectTarget, ServerHalf } from "../../src/core/contract/dialect.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { isObject, type Json, tryParse } from "../../src/core/values/json.js";
import { ProviderFactory } from "../../src/providers/factory.js";
import { loadDialects } from "../laws/lost-fields.js";
import { APIS, allRecordings } from "../support/recorded-requests.js";
import type { Recording } from "../support/recordings.js";

const halves = new Map<string, { readonly client: ClientHalf; readonly server: ServerHalf }>();
for (const { client, server } of await loadDialects()) halves.set(client.id, { client, server });

/** Texts that have another form with the same meaning, by API and path. */
const EQUIVALENT: readonly (readonly [api: string, path: RegExp, why: string])[] = [
  ["openai-chat", /^\.messages\.content\.type$/, "a list of one text is the text; a video is a file"],
  ["openai-chat", /^\.messages\.role$/, "`developer` is `system` for models before the reasoning ones"],
  ["openai-chat", /^\.thinking\.type$/, "the form of an effort, by endpoint"],
  [
    "openai-responses",
    /^\.input\.(type|role)$/,
    "the type of a message is optional; instructions have a field",
  ],
  [
    "openai-responses",
    /^\.include$/,
    "encrypted reasoning is asked for where a model reasons and nothing is stored",
  ],
  ["anthropic-messages", /^\.anthropic_version$/, "a header, but on Vertex"],
  [
    "mistral-chat",
    /^\.messages\.(tool_calls\.id|tool_call_id)$/,
    "ids have nine characters, on call and result",
  ],
  [
    "ollama-chat",
    /^\.messages\.(tool_calls\.id|tool_call_id)$/,
    "a result names its tool; ids tell calls of one tool apart",
  ],
];

/** Every text of a value, with its path without positions. */
function textsOf(value: Json | undefined, path = "", into: [string, string][] = []): [string, string][] {
  if (typeof value === "string") into.push([path, value]);
  else if (Array.isArray(value)) for (const one of value as Json[]) textsOf(one, path, into);
  else if (isObject(value)) for (const key of Object.keys(value)) textsOf(value[key], `${path}.${key}`, into);
  return into;
}

/** A text without what has no meaning: the case of enums, white space in JSON, and the alphabet of base64. */
function bare(text: string): string {
  const value = /^\s*[[{]/.test(text) ? tryParse(text) : undefined;
  const plain = (value === undefined ? text : JSON.stringify(value)).toLowerCase();
  return /^[\w-]{100,}=*$/.test(plain)
    ? plain.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "")
    : plain;
}

/** The recorded provider, with the quirks of its endpoint of that API. */
function targetOf({ api, provider }: Recording, model: string): DialectTarget {
  const data = ProviderFactory.ids()
    .filter((id) => id === provider || id === `${provider}-responses`)
    .map((id) => ProviderFactory.data(id))
    .find(({ dialect }) => dialect === APIS.get(api));
  return { provider, model, quirks: { ...data?.quirks }, now: 0 };
}

/** What became of a recorded request: undefined where its API's server half refuses it. */
function again(
  recording: Recording,
): { readonly warned: boolean; readonly lost: readonly string[] } | undefined {
  const { api, request, model } = recording;
  const found = halves.get(APIS.get(api) ?? "");
  if (found === undefined || request === null) return undefined;
  const path = request.url.replace(/^https?:\/\/[^/]*|[?#].*$/g, "");
  try {
    const body = JSON.stringify(request.body);
    const decoded = found.server.decode({ method: "POST", path, headers: request.headers, body });
    const asked = decoded.request.model ?? model ?? "model";
    const target = targetOf(recording, asked);
    const { http, warnings } = found.client.encode(
      { ...decoded.request, model: asked },
      decoded.mode,
      target,
    );
    const texts = textsOf(JSON.parse(String(http.body)) as Json).map(([, text]) => bare(text));
    const sent = [http.path.toLowerCase(), ...texts].join("\n");
    const lost = textsOf(request.body)
      .filter(
        ([at, text]) =>
          !EQUIVALENT.some(([one, field]) => one === api && field.test(at)) && !sent.includes(bare(text)),
      )
      .map(([at, text]) => `${at}: ${text.slice(0, 80)}`);
    return { warned: warnings.length > 0, lost };
  } catch (error) {
    if (AiLibError.is(error)) return undefined;
    throw error;
  }
}

const cases = allRecordings().map((recording) => [recording.id, recording] as const);

// Without the recordings there are the exchanges that come with the repository.
describe("a recorded request that is decoded and encoded again", () => {
  it.each(cases)("loses no text without a warning: %s", (_id, recording) => {
    const result = again(recording);
    if (result !== undefined && !result.warned) expect(result.lost).toEqual([]);
  });

  it("is refused or warned about in few cases", () => {
    const results = cases.map(([, recording]) => again(recording));
    const refused = results.filter((result) => result === undefined).length;
    const losing = results.filter((result) => result?.warned === true && result.lost.length > 0).length;
    expect(refused / cases.length).toBeLessThan(0.02);
    expect(losing / cases.length).toBeLessThan(0.1);
  });
});
