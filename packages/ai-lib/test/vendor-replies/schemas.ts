import { fileURLToPath } from "node:url";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { createGenerator, type SchemaGenerator } from "ts-json-schema-generator";
import { isObject, type JsonObject, type MutableJson } from "../../src/core/values/json.js";
import { amendments } from "./deviations.js";

let generator: SchemaGenerator | undefined;

/** One generator for all, since it reads the declarations of every package. */
function schemas(): SchemaGenerator {
  generator ??= createGenerator({
    path: fileURLToPath(new URL("./reply-declarations.ts", import.meta.url)),
    tsconfig: fileURLToPath(new URL("./tsconfig.json", import.meta.url)),
    skipTypeCheck: true,
    expose: "none",
    topRef: false,
    jsDoc: "none",
    // Clients skip fields that they do not know.
    additionalProperties: true,
  });
  return generator;
}

/** Makes a validator of a type in `reply-declarations.ts`, with the amendments of its dialect. */
export function validatorOf(dialect: string, type: string): ValidateFunction {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  return ajv.compile(onTheWire(dialect, schemas().createSchema(type)) as JsonObject);
}

/** A schema of values in memory as one of JSON: bytes are base64 there. */
function onTheWire(dialect: string, schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((one) => onTheWire(dialect, one));
  if (!isObject(schema)) return schema;
  const { properties, required } = schema;
  if (isObject(properties) && "BYTES_PER_ELEMENT" in properties) return { type: "string" };
  const out: MutableJson = {};
  for (const key of Object.keys(schema)) out[key] = onTheWire(dialect, schema[key]) as JsonObject;
  if (!isObject(properties) || !Array.isArray(required)) return out;
  const names = new Set<unknown>(required);
  for (const amendment of amendments)
    if (amendment.dialect === dialect) amendment.amend(out["properties"] as MutableJson, names);
  out["required"] = [...names] as string[];
  return out;
}

/**
 * What is wrong with a value; undefined if nothing is. A union reports the errors of each member: those of members whose
 * `type` is another do not count, and the deepest of the others is that of the member which was meant.
 */
export function faultOf(validate: ValidateFunction, value: unknown): string | undefined {
  if (validate(value)) return undefined;
  const errors = validate.errors ?? [];
  const others = errors.flatMap(({ keyword, schemaPath }) =>
    (keyword === "const" || keyword === "enum") && schemaPath.includes("/properties/type/")
      ? [schemaPath.slice(0, schemaPath.lastIndexOf("/properties/type/"))]
      : [],
  );
  const meant = errors.filter(
    ({ keyword, schemaPath }) =>
      keyword !== "anyOf" && !others.some((path) => schemaPath.startsWith(`${path}/`)),
  );
  const [first = errors[0], ...rest] = meant;
  if (first === undefined) return "unknown";
  const { instancePath, message, params } = rest.reduce((a, b) => (depth(b) > depth(a) ? b : a), first);
  return `${instancePath} ${message} ${JSON.stringify(params)}`;
}

function depth({ instancePath }: ErrorObject): number {
  return instancePath.split("/").length;
}
