import { refuseUnknown } from "../../core/contract/call.js";
import type { AuthStyle } from "../../core/contract/transport.js";
import { configError } from "../../core/errors/error.js";
import { isObject } from "../../core/values/json.js";
import type { Modality } from "../../core/values/model.js";
import { PROVIDER_DATA_FIELDS, type ProviderData } from "./data.js";
import { DIALECT_IDS } from "./dialects.js";

/** Says what a value must be where it is not that; undefined where it is. */
type Check = (value: unknown) => string | undefined;

const MODALITIES: readonly Modality[] = ["text", "image", "audio", "video", "pdf"];

const text: Check = (value) => (typeof value === "string" && value !== "" ? undefined : "a text");
const flag: Check = (value) => (typeof value === "boolean" ? undefined : "true or false");
const count: Check = (value) =>
  typeof value === "number" && value > 0 && Number.isFinite(value) ? undefined : "a number above 0";
const amount: Check = (value) =>
  typeof value === "number" && value >= 0 && Number.isFinite(value) ? undefined : "a number, 0 or more";

const listOf =
  (item: Check, what: string): Check =>
  (value) =>
    Array.isArray(value) && value.every((each) => item(each) === undefined) ? undefined : `a list of ${what}`;

const mapOf =
  (item: Check): Check =>
  (value) => {
    if (!isObject(value)) return "an object";
    for (const [key, each] of Object.entries(value)) {
      const wrong = item(each);
      if (wrong !== undefined) return `an object in which "${key}" is ${wrong}`;
    }
    return undefined;
  };

const oneOf =
  (known: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && known.includes(value) ? undefined : `one of ${known.join(", ")}`;

/** An object with these fields and no other; those in `required` must be there. */
const shape =
  (fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check =>
  (value) => {
    if (!isObject(value)) return `an object of ${Object.keys(fields).join(", ")}`;
    for (const key of Object.keys(value)) {
      const wrong = fields[key] === undefined ? "left out, since it is unknown" : fields[key](value[key]);
      if (wrong !== undefined && value[key] !== undefined) return `an object in which "${key}" is ${wrong}`;
    }
    const absent = required.find((key) => value[key] === undefined);
    return absent === undefined ? undefined : `an object with "${absent}"`;
  };

const STYLES: Readonly<Record<AuthStyle["style"], Check>> = {
  none: shape({ style: text }),
  bearer: shape({ style: text }),
  header: shape({ style: text, header: text, prefix: text }, ["header"]),
  query: shape({ style: text, parameter: text }, ["parameter"]),
  sigv4: shape({ style: text, service: text }, ["service"]),
};

const auth: Check = (value) => {
  const style = isObject(value) ? value["style"] : undefined;
  const known = Object.keys(STYLES);
  if (typeof style !== "string" || !known.includes(style))
    return `an object whose "style" is one of ${known.join(", ")}`;
  return STYLES[style as AuthStyle["style"]](value);
};

const url: Check = (value) => (text(value) === undefined ? undefined : "a URL such as https://host/v1");

const modelFacts = shape({
  contextWindow: count,
  maxOutputTokens: count,
  input: listOf(oneOf(MODALITIES), MODALITIES.join(", ")),
  output: listOf(oneOf(MODALITIES), MODALITIES.join(", ")),
  tools: flag,
  structuredOutput: flag,
  reasoning: flag,
  price: shape({ input: amount, output: amount, cachedInput: amount, cacheWriteInput: amount }, [
    "input",
    "output",
  ]),
});

const CHECKS: Readonly<Record<keyof ProviderData, Check>> = {
  id: (value) =>
    typeof value === "string" && /^[a-z0-9][a-z0-9-]*$/.test(value)
      ? undefined
      : "lower case letters, digits and dashes",
  label: text,
  dialect: oneOf(DIALECT_IDS),
  baseUrl: url,
  baseUrlWhen: mapOf(mapOf(url)),
  auth,
  keyEnv: listOf(text, "names of variables"),
  keyOptional: flag,
  keyUrl: text,
  model: text,
  models: mapOf(modelFacts),
  variables: mapOf(
    shape(
      {
        env: listOf(text, "names of variables"),
        default: text,
        what: text,
        address: shape({ scheme: oneOf(["http", "https"]), port: count }, ["scheme"]),
      },
      ["env", "what"],
    ),
  ),
  path: text,
  streamPath: text,
  modelsPath: (value) => (value === null ? undefined : text(value) && "a path, or null for none"),
  kinds: mapOf(shape({ model: text, path: text })),
  query: mapOf(text),
  headers: mapOf(text),
  quirks: (value) => (isObject(value) ? undefined : "an object"),
  local: flag,
  preferred: (value) => (value === null ? undefined : count(value)),
  priceId: (value) => (value === null ? undefined : text(value)),
  telemetryName: text,
  files: shape(
    { path: text, maxBytes: count, protocol: oneOf(["multipart", "resumable"]), fields: mapOf(text) },
    ["path", "maxBytes", "protocol"],
  ),
  docs: listOf(text, "addresses"),
};

/**
 * Holds data against the shape of a provider, so that a mistake in a file or a builder is found when the provider is
 * built. Values are never shown: one of them may be a secret in the wrong place.
 * @throws {AiLibError} `CONFIG_ERROR` naming the provider, the field and what it must be.
 */
export function checkProviderData(data: object): asserts data is ProviderData {
  const given: Readonly<Record<string, unknown>> = { ...data };
  const id = given["id"];
  const name = typeof id === "string" ? `The provider "${id}"` : "A provider";
  refuseUnknown("field of a provider", data, PROVIDER_DATA_FIELDS);
  for (const required of ["id", "dialect", "baseUrl"] as const)
    if (given[required] === undefined) throw configError(`${name} has no ${required}`);
  for (const [field, check] of Object.entries(CHECKS)) {
    const wrong = given[field] === undefined ? undefined : check(given[field]);
    if (wrong !== undefined) throw configError(`${name}: ${field} must be ${wrong}`);
  }
}

/**
 * Holds options against the same shapes, for callers whose options come from files or untyped code.
 * @throws {AiLibError} `CONFIG_ERROR` as {@link checkProviderData} does.
 */
export function checkOptions(id: string, options: object): void {
  const given: Readonly<Record<string, unknown>> = { ...options };
  for (const field of ["baseUrl", "models", "headers", "query", "quirks"] as const) {
    const wrong = given[field] === undefined ? undefined : CHECKS[field](given[field]);
    if (wrong !== undefined) throw configError(`The provider "${id}": ${field} must be ${wrong}`);
  }
}
