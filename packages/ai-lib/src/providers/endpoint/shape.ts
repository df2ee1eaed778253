import { BATCH_APIS } from "../../apis/batches/names.js";
import { FILE_APIS } from "../../apis/files/names.js";
import { KIND_APIS, type KindApi } from "../../apis/names.js";
import type { DialectId } from "../../core/contract/dialect.js";
import type { AuthStyle } from "../../core/contract/transport.js";
import { configError } from "../../core/errors/error.js";
import { refuseUnknown } from "../../core/errors/options.js";
import {
  type AnyCheck,
  amount,
  type Check,
  count,
  flag,
  listOf,
  mapOf,
  object,
  oneOf,
  orNull,
  positive,
  type Shape,
  shapeOf,
  text,
} from "../../core/values/check.js";
import { isObject } from "../../core/values/json.js";
import type { Modality, ModelFacts, Price, TokenPrice } from "../../core/values/model.js";
import type { KnownVoices, VoiceList } from "../../core/values/speech.js";
import type {
  BatchesData,
  CredentialForm,
  EndpointVariable,
  KindData,
  ProviderData,
  ProviderFields,
  SpeechData,
} from "./data.js";
import { DIALECT_IDS } from "./dialect-ids.js";
import { wrongQuirk } from "./quirks.js";

type Address = NonNullable<EndpointVariable["address"]>;
type Store = NonNullable<ProviderData["files"]>;
type StyleNamed<S extends AuthStyle["style"]> = Extract<AuthStyle, { style: S }>;

/** Each way of sending a key; `style` itself is checked by {@link auth}. */
const STYLES: { readonly [S in AuthStyle["style"]]: Check<StyleNamed<S>> } = {
  none: shapeOf<StyleNamed<"none">>({ style: oneOf("none") }),
  bearer: shapeOf<StyleNamed<"bearer">>({ style: oneOf("bearer") }),
  header: shapeOf<StyleNamed<"header">>({ style: oneOf("header"), header: text, prefix: text }, ["header"]),
  query: shapeOf<StyleNamed<"query">>({ style: oneOf("query"), parameter: text }, ["parameter"]),
  sigv4: shapeOf<StyleNamed<"sigv4">>({ style: oneOf("sigv4"), service: text }, ["service"]),
};

const auth: Check<AuthStyle> = (value) => {
  const style = isObject(value) ? value["style"] : undefined;
  const known = Object.keys(STYLES);
  if (typeof style !== "string" || !known.includes(style))
    return `an object whose "style" is one of ${known.join(", ")}`;
  return STYLES[style as AuthStyle["style"]](value);
};

const id: Check<string> = (value) =>
  typeof value === "string" && /^[a-z0-9][a-z0-9-]*$/.test(value)
    ? undefined
    : "lower case letters, digits and dashes";

const url: Check<string> = (value) =>
  text(value) === undefined ? undefined : "a URL such as https://host/v1";

const modality = oneOf<Modality>("text", "image", "audio", "video", "pdf");

const tokenPrice = {
  input: amount,
  output: amount,
  cachedInput: amount,
  cacheWriteInput: amount,
  cacheWrites: mapOf(amount),
} satisfies Shape<TokenPrice>;

const byModality = shapeOf<NonNullable<Price["inputByModality"]>>({
  text: amount,
  image: amount,
  audio: amount,
  video: amount,
  pdf: amount,
});

const price = shapeOf<Price>(
  {
    ...tokenPrice,
    inputByModality: byModality,
    outputByModality: byModality,
    toolUses: mapOf(amount),
    units: shapeOf<NonNullable<Price["units"]>>({
      characters: amount,
      seconds: amount,
      images: amount,
      searches: amount,
      pages: amount,
    }),
    request: amount,
    longContext: shapeOf<NonNullable<Price["longContext"]>>({ ...tokenPrice, above: amount }, [
      "above",
      "input",
      "output",
    ]),
    tiers: mapOf(amount),
  },
  ["input", "output"],
);

const modelFacts = shapeOf<ModelFacts>({
  contextWindow: positive,
  maxOutputTokens: positive,
  input: listOf(modality),
  output: listOf(modality),
  tools: flag,
  structuredOutput: flag,
  reasoning: flag,
  prefill: flag,
  price,
});

const variable = shapeOf<EndpointVariable>(
  {
    env: listOf(text),
    default: text,
    what: text,
    address: shapeOf<Address>({ scheme: oneOf("http", "https"), port: count }, ["scheme"]),
  },
  ["env", "what"],
);

const credentialForm = shapeOf<CredentialForm>(
  { prefixes: listOf(text), tokens: flag, env: listOf(text), auth, baseUrl: url },
  ["auth"],
);

const off: Check<false> = (value) => (value === false ? undefined : "false");

const store = shapeOf<Store>(
  {
    path: text,
    api: oneOf(...FILE_APIS),
    maxBytes: positive,
    purpose: orNull(text),
    expiry: off,
    protocol: oneOf("multipart", "resumable"),
    fields: mapOf(text),
  },
  ["path", "maxBytes"],
);

const batches = shapeOf<BatchesData>(
  {
    api: oneOf(...BATCH_APIS),
    kinds: listOf(text),
    rows: positive,
    bytes: positive,
    price: amount,
    windows: listOf(positive),
    webhook: flag,
    minRows: positive,
    needs: listOf(text),
  },
  ["api", "kinds", "rows", "bytes", "windows"],
);

const kindFields = {
  model: text,
  path: text,
  api: oneOf<KindApi>(...Object.values(KIND_APIS).flat()),
} satisfies Shape<KindData>;

const kind = shapeOf<KindData>(kindFields);

const voiceList = { default: text, names: listOf(text) } satisfies Shape<VoiceList>;

const speech = shapeOf<SpeechData>({
  ...kindFields,
  voices: shapeOf<KnownVoices>(
    {
      ...voiceList,
      more: flag,
      byModel: listOf(
        shapeOf<NonNullable<KnownVoices["byModel"]>[number]>({ ...voiceList, match: listOf(text) }, [
          "names",
          "match",
        ]),
      ),
    },
    ["names"],
  ),
});

/** The caller's own names for voices. */
const voiceNames: AnyCheck = mapOf(text);

/** The kinds by name; speech has voices besides. */
const kinds: AnyCheck = (value) => {
  if (!isObject(value)) return mapOf(kind)(value);
  const { speak, ...others } = value;
  const wrong = speak === undefined ? undefined : speech(speak);
  return wrong === undefined ? mapOf(kind)(others) : `an object in which "speak" is ${wrong}`;
};

/** What each field may be, except for those of {@link CHECKS} that depend on other things. */
const SHAPE: Shape<Omit<ProviderFields<DialectId>, "dialect" | "quirks" | "kinds">> = {
  id,
  label: text,
  baseUrl: url,
  baseUrlWhen: mapOf(mapOf(url)),
  auth,
  keyEnv: listOf(text),
  credentials: listOf(credentialForm),
  googleCredentialsEnv: listOf(text),
  baseUrlEnv: listOf(text),
  addressEnv: listOf(text),
  keyOptional: flag,
  keyUrl: text,
  model: text,
  models: mapOf(modelFacts),
  hosts: listOf(text),
  prefill: listOf(text),
  headFirst: flag,
  variables: mapOf(variable),
  path: text,
  streamPath: text,
  modelsPath: orNull(text),
  query: mapOf(text),
  headers: mapOf(text),
  chat: flag,
  ownDialect: flag,
  local: flag,
  preferred: orNull(positive),
  priceId: orNull(text),
  telemetryName: text,
  files: store,
  batches: orNull(batches),
  sites: listOf(text),
  docs: listOf(text),
};

/** Every field. The quirks are checked by name and value with the dialect: see {@link wrongQuirk}. */
const CHECKS: ReadonlyMap<string, AnyCheck> = new Map<string, AnyCheck>([
  ...Object.entries(SHAPE),
  ["dialect", oneOf(...DIALECT_IDS)],
  ["kinds", kinds],
  ["quirks", object],
]);

/** The fields of {@link ProviderData}. */
export const PROVIDER_DATA_FIELDS: ReadonlySet<string> = new Set(CHECKS.keys());

/**
 * Checks data against the shape of a provider, so that a mistake in a file or a builder is found when the provider is
 * built. Errors never quote a value, which may be a secret in the wrong place.
 * @throws {AiLibError} `CONFIG_ERROR` that names the provider, the field and what it must be.
 */
export function checkProviderData(data: object): asserts data is ProviderData {
  const fields: Readonly<Record<string, unknown>> = { ...data };
  const id = fields["id"];
  const name = typeof id === "string" ? `The provider "${id}"` : "A provider";
  refuseUnknown("field of a provider", data, PROVIDER_DATA_FIELDS);
  for (const required of ["id", "dialect", "baseUrl"])
    if (fields[required] === undefined) throw configError(`${name} has no ${required}`);
  checkFields(name, fields, [...CHECKS.keys()]);
  const { dialect, quirks = {} } = data as ProviderData;
  checkQuirks(name, dialect, quirks);
}

/**
 * Checks data and options, which may come from files or untyped code, against the same shapes.
 * @throws {AiLibError} `CONFIG_ERROR` as {@link checkProviderData} does.
 */
export function checkSettings(data: ProviderData, options: object): void {
  checkProviderData(data);
  checkOptions(data, options);
}

function checkOptions({ id, dialect }: Pick<ProviderData, "id" | "dialect">, options: object): void {
  const { quirks = {}, voices = {} } = options as { readonly quirks?: object; readonly voices?: unknown };
  const name = `The provider "${id}"`;
  checkFields(name, { ...options }, ["baseUrl", "models", "headers", "query", "quirks"]);
  const must = voiceNames(voices);
  if (must !== undefined) throw configError(`${name}: voices must be ${must}`);
  checkQuirks(name, dialect, quirks);
}

function checkFields(
  name: string,
  fields: Readonly<Record<string, unknown>>,
  checked: readonly string[],
): void {
  for (const field of checked) {
    const value = fields[field];
    const must = value === undefined ? undefined : CHECKS.get(field)?.(value);
    if (must !== undefined) throw configError(`${name}: ${field} must be ${must}`);
  }
}

function checkQuirks(name: string, dialect: DialectId, quirks: object): void {
  const wrong = wrongQuirk(dialect, { ...quirks });
  if (wrong !== undefined) throw configError(`${name}: ${wrong}`);
}
