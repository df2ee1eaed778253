import type { ValidationResult, Validator } from "@cfworker/json-schema";
import { type AiLibError, configError, invalidRequest, messageOf } from "../core/errors/error.js";
import { isObject, isTooDeep, type Json, type JsonObject, MAX_DEPTH } from "../core/values/json.js";
import { withoutForbiddenNulls } from "../core/values/json-schema.js";

/** What a value should have been, and where it is not. */
interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

type Validated<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/**
 * A schema of zod, valibot, arktype or any other library that follows the Standard Schema
 * (https://standardschema.dev). Libraries that also follow Standard JSON Schema need nothing more; valibot needs
 * `@valibot/to-json-schema` beside it.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: number;
    readonly vendor: string;
    readonly validate: (value: unknown) => Validated<Output> | Promise<Validated<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
    };
  };
}

/** A JSON Schema as a plain object, or a schema of a library. */
export type AnySchema = JsonObject | StandardSchema;

/** What a value that passed a schema is. */
export type OutputOf<S> = S extends { readonly "~standard": { readonly types?: infer Types } }
  ? NonNullable<Types> extends { readonly output: infer Output }
    ? Output
    : unknown
  : unknown;

/** A schema made ready: as JSON Schema for the model, and as a check of what it answers. */
export interface PreparedSchema<T = unknown> {
  readonly json: JsonObject;
  /** The value as the schema's output, or where it does not fit: `items.0.price: expected number`. */
  check(value: unknown): Promise<{ readonly value: T } | { readonly problem: string }>;
}

/** Whether something is a Standard Schema. Arktype's are functions. */
function isStandardSchema(schema: unknown): schema is StandardSchema {
  return (
    (typeof schema === "object" || typeof schema === "function") && schema !== null && "~standard" in schema
  );
}

/**
 * Makes a schema ready.
 * @throws {AiLibError} `CONFIG_ERROR` for a schema that cannot be told to a model, `INVALID_REQUEST` for one of more than
 *   256 levels.
 */
export async function prepareSchema<S extends AnySchema>(schema: S): Promise<PreparedSchema<OutputOf<S>>> {
  // Before the check is made of it, which would follow every level.
  if (!isStandardSchema(schema) && isTooDeep(schema)) throw tooDeep();
  const prepared = isStandardSchema(schema) ? await prepareStandard(schema) : await preparePlain(schema);
  if (isTooDeep(prepared.json)) throw tooDeep();
  return withoutNulls(prepared) as PreparedSchema<OutputOf<S>>;
}

function tooDeep(): AiLibError {
  return invalidRequest(`The schema has more than ${MAX_DEPTH} levels; give repeated parts a name in $defs`);
}

/** Checks a value that does not fit again without the nulls that stand for absent properties. */
function withoutNulls(prepared: PreparedSchema): PreparedSchema {
  return {
    json: prepared.json,
    async check(value) {
      const checked = await prepared.check(value);
      if ("value" in checked) return checked;
      const stripped = withoutForbiddenNulls(value as Json, prepared.json);
      return stripped === value ? checked : prepared.check(stripped);
    },
  };
}

async function prepareStandard(schema: StandardSchema): Promise<PreparedSchema> {
  const standard = schema["~standard"];
  const json = withoutDialect(told(schema) ?? (await convert(schema)));
  return {
    json,
    async check(value) {
      let result: Validated<unknown>;
      try {
        result = await standard.validate(value);
      } catch (error) {
        // A check or a transform of the user's own; the value that it chokes on does not fit.
        return { problem: `(root): ${messageOf(error)}` };
      }
      if (typeof result !== "object" || result === null)
        return { problem: "(root): the check of the schema returned nothing" };
      if (result.issues === undefined) return { value: result.value };
      const [first] = result.issues;
      return { problem: first === undefined ? "it does not fit" : `${pathOf(first)}: ${first.message}` };
    },
  };
}

/** The schema in its library's own words, which has none for some types (dates, big integers, transforms). */
function told(schema: StandardSchema): Record<string, unknown> | undefined {
  const { vendor, jsonSchema } = schema["~standard"];
  try {
    return jsonSchema?.input({ target: "draft-2020-12" });
  } catch (error) {
    throw configError(`The ${vendor} schema cannot be told as JSON Schema: ${messageOf(error)}`);
  }
}

async function convert(schema: StandardSchema): Promise<Record<string, unknown>> {
  const { vendor } = schema["~standard"];
  if (vendor === "valibot") {
    try {
      const { toJsonSchema } = await import("@valibot/to-json-schema");
      return toJsonSchema(schema as never) as Record<string, unknown>;
    } catch (error) {
      throw configError(
        `A valibot schema needs @valibot/to-json-schema beside it, which said: ${messageOf(error)}`,
      );
    }
  }
  throw configError(
    `The schema library "${vendor}" does not tell its schemas as JSON Schema; update it, or pass a JSON Schema instead`,
  );
}

async function preparePlain(schema: unknown): Promise<PreparedSchema> {
  if (!isObject(schema))
    throw configError("A schema is a JSON Schema object, or a schema of zod, valibot or arktype");
  const names = Object.keys(schema);
  if (names.length > 0 && !names.some(isSchemaKeyword))
    throw configError(
      `The schema has only unknown keywords (${names.slice(0, 5).join(", ")}); for an object with such properties, write { type: "object", properties: { ... } }`,
    );
  const library = await import("@cfworker/json-schema");
  const validator = new library.Validator({ ...schema }, "2020-12", false);
  return {
    json: schema,
    async check(value) {
      const { valid, errors } = validate(validator, value);
      if (valid) return { value };
      // The deepest place is where the trouble is; the others only contain it.
      const deepest = errors.reduce((a, b) =>
        b.instanceLocation.length >= a.instanceLocation.length ? b : a,
      );
      const path = pathOfPointer(deepest.instanceLocation);
      return { problem: `${path === "" ? "(root)" : path}: ${deepest.error}` };
    },
  };
}

/**
 * Keywords one of which every JSON Schema that says something has
 * (https://json-schema.org/draft/2020-12/json-schema-validation), with those of earlier drafts and of OpenAPI.
 */
const SCHEMA_KEYWORDS: ReadonlySet<string> = new Set(
  (
    "type enum const properties required additionalProperties patternProperties propertyNames minProperties " +
    "maxProperties dependentRequired dependentSchemas dependencies unevaluatedProperties items prefixItems " +
    "additionalItems contains minContains maxContains minItems maxItems uniqueItems unevaluatedItems allOf anyOf " +
    "oneOf not if then else minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength " +
    "pattern format contentEncoding contentMediaType contentSchema title description default examples example " +
    "deprecated readOnly writeOnly definitions nullable id"
  ).split(" "),
);

function isSchemaKeyword(name: string): boolean {
  return name.startsWith("$") || name.startsWith("x-") || SCHEMA_KEYWORDS.has(name);
}

/** What a schema refers to is looked up as it is needed; a reference to nothing shows only here. */
function validate(validator: Validator, value: unknown): ValidationResult {
  try {
    return validator.validate(value);
  } catch (error) {
    throw configError(`The JSON Schema cannot be followed: ${messageOf(error)}`);
  }
}

/** `#/items/0/a~1b` as `items.0.a/b`; the validator writes places as URI fragments of JSON Pointers. */
function pathOfPointer(pointer: string): string {
  const steps = pointer.replace(/^#\/?/, "").split("/");
  return steps.map((step) => decodeStep(step).replaceAll("~1", "/").replaceAll("~0", "~")).join(".");
}

function decodeStep(step: string): string {
  try {
    return decodeURI(step);
  } catch {
    return step;
  }
}

/** Which draft a schema follows is no concern of a model, and some vendors refuse the word. */
function withoutDialect(schema: Record<string, unknown>): JsonObject {
  const { $schema: _dialect, ...rest } = schema;
  return rest as JsonObject;
}

function pathOf(issue: SchemaIssue): string {
  const steps = (issue.path ?? []).map((step) => String(typeof step === "object" ? step.key : step));
  return steps.length === 0 ? "(root)" : steps.join(".");
}
