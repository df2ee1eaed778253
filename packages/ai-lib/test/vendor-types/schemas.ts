import { fileURLToPath } from "node:url";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { createGenerator, type SchemaGenerator } from "ts-json-schema-generator";
import { isObject, type JsonObject, type MutableJson } from "../../src/core/values/json.js";
import { deviations } from "./deviations.js";
import type { Vendor } from "./vendors.js";

let generator: SchemaGenerator | undefined;

/** One generator for all, since it reads the declarations of every package. */
function schemas(): SchemaGenerator {
  generator ??= createGenerator({
    path: fileURLToPath(new URL("./declarations.ts", import.meta.url)),
    tsconfig: fileURLToPath(new URL("./tsconfig.json", import.meta.url)),
    skipTypeCheck: true,
    expose: "none",
    topRef: false,
    jsDoc: "none",
  });
  return generator;
}

/**
 * Makes a validator of a vendor's body from the declarations of its package.
 * @param amended with the deviations. Default true.
 */
export function validatorOf(
  { dialect, type, defaulted = [], schemas: open = [] }: Vendor,
  amended = true,
): ValidateFunction {
  const amend = (properties: MutableJson) => {
    if (!amended) return;
    for (const deviation of deviations) if (deviation.dialect === dialect) deviation.amend(properties);
  };
  const wire = { defaulted: new Set(defaulted), schemas: new Set(open), amend };
  const schema = onTheWire(schemas().createSchema(type), wire);
  return new Ajv({ strict: false }).compile(schema as JsonObject);
}

/** How a schema of the package's types becomes one of the wire. */
interface Wire {
  readonly defaulted: ReadonlySet<string>;
  readonly schemas: ReadonlySet<string>;
  readonly amend: (properties: MutableJson) => void;
}

/** A schema of values in memory as one of JSON: bytes are base64 there, and fields with defaults may be absent. */
function onTheWire(schema: unknown, wire: Wire): unknown {
  if (Array.isArray(schema)) return schema.map((one) => onTheWire(one, wire));
  if (!isObject(schema)) return schema;
  const { properties, required } = schema;
  if (isObject(properties) && "BYTES_PER_ELEMENT" in properties) return { type: "string" };
  const out: MutableJson = {};
  for (const key of Object.keys(schema)) {
    const inner = onTheWire(schema[key], wire) as JsonObject;
    out[key] = wire.schemas.has(key) ? opened(inner) : inner;
  }
  if (isObject(out["properties"]) && schema["type"] === "object")
    wire.amend(out["properties"] as MutableJson);
  if (Array.isArray(required)) {
    const widened = isObject(out["properties"]) ? out["properties"] : {};
    out["required"] = required.filter((name) => !wire.defaulted.has(String(name)) && widened[name] !== true);
  }
  return out;
}

/** A schema whose objects may have more fields than it names. */
function opened<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(opened) as T;
  if (!isObject(schema)) return schema;
  const entries = Object.entries(schema).filter(
    ([key, value]) => key !== "additionalProperties" || value !== false,
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, opened(value)])) as T;
}

/**
 * What is wrong with a body; undefined if nothing is. A union reports the errors of each member: the one with the deepest
 * path is that of the member which was meant.
 */
export function faultOf(validate: ValidateFunction, body: unknown): string | undefined {
  if (validate(body)) return undefined;
  const errors = validate.errors ?? [];
  const { instancePath, message, params } = errors.reduce((a, b) => (depth(b) > depth(a) ? b : a));
  return `${instancePath} ${message} ${JSON.stringify(params)}`;
}

function depth({ instancePath, keyword }: ErrorObject): number {
  return instancePath.split("/").length * 2 + (keyword === "additionalProperties" ? 1 : 0);
}
