import type { ValidationResult, Validator } from "@cfworker/json-schema";
import { type AiLibError, configError, invalidRequest, messageOf } from "../core/errors/error.js";
import { isObject, isTooDeep, type Json, type JsonObject, MAX_DEPTH } from "../core/values/json.js";
import { withoutForbiddenNulls } from "../core/values/json-schema.js";
import { type ValidationIssue, valueAt } from "../core/values/validation-issue.js";
import { jsonSchemaOf, revived } from "./schema-json.js";
import type { AnySchema, OutputOf, SchemaIssue, StandardSchema, Validated } from "./standard-schema.js";

/** A prepared schema: as JSON Schema for the model, and as a check of its answer. */
export interface PreparedSchema<T = unknown> {
  readonly json: JsonObject;
  /** The value as the schema's output, or where it does not fit: at least one issue. */
  check(value: unknown): Promise<Checked<T>>;
}

/** The result of a check. */
export type Checked<T> = { readonly value: T } | { readonly issues: readonly ValidationIssue[] };

/** Whether something is a Standard Schema. Arktype's are functions. */
function isStandardSchema(schema: unknown): schema is StandardSchema {
  return (
    (typeof schema === "object" || typeof schema === "function") && schema !== null && "~standard" in schema
  );
}

/**
 * Prepares a schema.
 * @throws {AiLibError} `CONFIG_ERROR` for a schema that a model cannot be given, `INVALID_REQUEST` for one of more than
 *   256 levels.
 */
export async function prepareSchema<S extends AnySchema>(schema: S): Promise<PreparedSchema<OutputOf<S>>> {
  // Before the check is made of it, which would follow every level.
  if (!isStandardSchema(schema) && isTooDeep(schema)) throw tooDeep();
  const prepared = isStandardSchema(schema) ? await prepareStandard(schema) : await plainOnce(schema);
  if (isTooDeep(prepared.json)) throw tooDeep();
  return withoutNulls(prepared) as PreparedSchema<OutputOf<S>>;
}

function tooDeep(): AiLibError {
  return invalidRequest(`The schema has more than ${MAX_DEPTH} levels; give repeated parts a name in $defs`);
}

/** Checks a value that does not fit again without the nulls that represent absent properties. */
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

/** What schemas of libraries are as JSON Schema: they do not change, and are used again and again. */
const known = new WeakMap<StandardSchema, JsonObject>();

async function prepareStandard(schema: StandardSchema): Promise<PreparedSchema> {
  const json = known.get(schema) ?? withoutDialect(await jsonSchemaOf(schema));
  known.set(schema, json);
  return {
    json,
    async check(value) {
      const checked = await checkStandard(schema, value);
      if ("value" in checked) return checked;
      const dates = revived(
        value,
        checked.issues.map(({ path }) => path),
      );
      return dates === undefined ? checked : checkStandard(schema, dates);
    },
  };
}

async function checkStandard(schema: StandardSchema, value: unknown): Promise<Checked<unknown>> {
  const root = (message: string) => ({ issues: [{ path: [], message, value }] });
  let result: Validated<unknown>;
  try {
    result = await schema["~standard"].validate(value);
  } catch (error) {
    // A check or a transform of the user's own; the value does not fit.
    return root(messageOf(error));
  }
  if (typeof result !== "object" || result === null) return root("the check of the schema returned nothing");
  if (result.issues === undefined) return { value: result.value };
  if (result.issues.length === 0) return root("it does not fit");
  return { issues: result.issues.slice(0, MOST_ISSUES).map((issue) => issueOf(issue, value)) };
}

/** Issues of one value that are passed on. */
const MOST_ISSUES = 50;

/** Loaded once: even a module that is loaded already is looked up on the disk by each `import()`. */
let library: typeof import("@cfworker/json-schema") | undefined;

/** Checks of JSON Schemas, each with the text that it was made of: a schema may have changed since. */
const checks = new WeakMap<object, { readonly text: string; readonly prepared: PreparedSchema }>();

async function plainOnce(schema: unknown): Promise<PreparedSchema> {
  if (!isObject(schema)) return preparePlain(schema);
  const text = JSON.stringify(schema);
  const made = checks.get(schema);
  if (made?.text === text) return made.prepared;
  const prepared = await preparePlain(schema);
  checks.set(schema, { text, prepared });
  return prepared;
}

async function preparePlain(schema: unknown): Promise<PreparedSchema> {
  if (!isObject(schema))
    throw configError("A schema is a JSON Schema object, or a schema of zod, valibot or arktype");
  const names = Object.keys(schema);
  if (names.length > 0 && !names.some(isSchemaKeyword))
    throw configError(
      `The schema has only unknown keywords (${names.slice(0, 5).join(", ")}); for an object with such properties, write { type: "object", properties: { ... } }`,
    );
  library ??= await import("@cfworker/json-schema");
  const validator = new library.Validator({ ...schema }, "2020-12", false);
  return {
    json: schema,
    async check(value) {
      const { valid, errors } = validate(validator, value);
      if (valid) return { value };
      // The deepest place has the mistake; the others only contain it.
      const found = errors.map(({ instanceLocation, error }) => ({
        path: pathOfPointer(instanceLocation),
        message: error,
      }));
      const deepest = found.reduce((a, b) => (b.path.length >= a.path.length ? b : a));
      const others = found.filter((one) => one !== deepest && !contains(one.path, found));
      return {
        issues: [deepest, ...others].slice(0, MOST_ISSUES).map((one) => withValue(one, value)),
      };
    },
  };
}

/**
 * Keywords one of which every JSON Schema that says something has
 * (https://json-schema.org/draft/2020-12/json-schema-validation), with those of earlier drafts and of OpenAPI.
 */
const SCHEMA_KEYWORDS: ReadonlySet<string> = /* @__PURE__ */ wordsOf(
  "type enum const properties required additionalProperties patternProperties propertyNames minProperties " +
    "maxProperties dependentRequired dependentSchemas dependencies unevaluatedProperties items prefixItems " +
    "additionalItems contains minContains maxContains minItems maxItems uniqueItems unevaluatedItems allOf anyOf " +
    "oneOf not if then else minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength " +
    "pattern format contentEncoding contentMediaType contentSchema title description default examples example " +
    "deprecated readOnly writeOnly definitions nullable id",
);

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

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

/** Whether a place holds another one of which something is wrong. */
function contains(
  path: readonly (string | number)[],
  all: readonly Pick<ValidationIssue, "path">[],
): boolean {
  return all.some((one) => one.path.length > path.length && path.every((step, i) => one.path[i] === step));
}

/** `#/items/0/a~1b` as `["items", 0, "a/b"]`; the validator writes places as URI fragments of JSON Pointers. */
function pathOfPointer(pointer: string): (string | number)[] {
  const steps = pointer.replace(/^#\/?/, "");
  if (steps === "") return [];
  return steps.split("/").map((step) => {
    const key = decodeStep(step).replaceAll("~1", "/").replaceAll("~0", "~");
    return /^(?:0|[1-9]\d{0,8})$/.test(key) ? Number(key) : key;
  });
}

function decodeStep(step: string): string {
  try {
    return decodeURI(step);
  } catch {
    return step;
  }
}

/** The model does not need the draft of a schema, and some vendors refuse the keyword. */
function withoutDialect(schema: Record<string, unknown>): JsonObject {
  const { $schema: _dialect, ...rest } = schema;
  return rest as JsonObject;
}

function issueOf({ message, path = [] }: SchemaIssue, value: unknown): ValidationIssue {
  const steps = path.map((step) => {
    const key = typeof step === "object" ? step.key : step;
    return typeof key === "symbol" ? String(key) : key;
  });
  return withValue({ message, path: steps }, value);
}

function withValue(issue: ValidationIssue, value: unknown): ValidationIssue {
  const found = valueAt(value, issue.path);
  return found === undefined ? issue : { ...issue, value: found };
}
