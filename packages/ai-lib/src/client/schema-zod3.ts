import { configError } from "../core/errors/error.js";
import { type Json, type JsonObject, MAX_DEPTH } from "../core/values/json.js";

/** A schema of zod 3. Its definition is not public, but the same in all releases of that version. */
interface Zod3Schema {
  readonly description?: string | undefined;
  readonly _def: Zod3Definition;
}

/** The fields of a definition that a JSON Schema is made of; which ones it has depends on the type. */
interface Zod3Definition {
  readonly typeName: string;
  readonly checks?: readonly { readonly kind: string; readonly value?: unknown; readonly regex?: RegExp }[];
  readonly shape?: () => Readonly<Record<string, Zod3Schema>>;
  readonly unknownKeys?: "strict" | "strip" | "passthrough";
  readonly catchall?: Zod3Schema;
  readonly type?: Zod3Schema;
  readonly innerType?: Zod3Schema;
  readonly schema?: Zod3Schema;
  readonly in?: Zod3Schema;
  readonly items?: readonly Zod3Schema[];
  readonly rest?: Zod3Schema | null;
  readonly options?: readonly Zod3Schema[] | ReadonlyMap<unknown, Zod3Schema>;
  readonly left?: Zod3Schema;
  readonly right?: Zod3Schema;
  readonly keyType?: Zod3Schema;
  readonly valueType?: Zod3Schema;
  readonly value?: unknown;
  readonly values?: readonly string[] | Readonly<Record<string, string | number>>;
  readonly getter?: () => Zod3Schema;
  readonly defaultValue?: () => unknown;
  readonly exactLength?: { readonly value: number } | null;
  readonly minLength?: { readonly value: number } | null;
  readonly maxLength?: { readonly value: number } | null;
}

/** Whether a schema is one of zod 3: those of zod 4 have `_zod`. */
export function isZod3(schema: object): boolean {
  const { _def } = schema as { readonly _def?: { readonly typeName?: unknown } };
  return typeof _def?.typeName === "string" && !("_zod" in schema);
}

/**
 * A schema of zod 3 as JSON Schema, as its input: a field with a default may be absent.
 * @throws {AiLibError} `CONFIG_ERROR` for a type that JSON does not have, naming it.
 */
export function zod3ToJsonSchema(schema: object): JsonObject {
  const converter = new Zod3Converter();
  const json = converter.convert(schema as Zod3Schema, 0);
  const { definitions } = converter;
  return Object.keys(definitions).length === 0 ? json : { ...json, $defs: definitions };
}

class Zod3Converter {
  readonly definitions: Record<string, JsonObject> = {};
  /** Names of schemas behind `z.lazy`, which may contain themselves. */
  private readonly lazy = new Map<Zod3Schema, string>();

  convert(schema: Zod3Schema, depth: number): JsonObject {
    if (depth > MAX_DEPTH) throw configError(`The zod schema has more than ${MAX_DEPTH} levels`);
    const json = this.ofType(schema._def, depth + 1);
    const { description } = schema;
    return description === undefined || "$ref" in json ? json : { ...json, description };
  }

  private ofType(def: Zod3Definition, depth: number): JsonObject {
    const inner = (schema: Zod3Schema | undefined): JsonObject =>
      schema === undefined ? {} : this.convert(schema, depth);
    switch (def.typeName) {
      case "ZodString":
        return { type: "string", ...stringChecks(def) };
      case "ZodNumber":
        return numberSchema(def);
      case "ZodBoolean":
        return { type: "boolean" };
      case "ZodNull":
        return { type: "null" };
      case "ZodDate":
        return { type: "string", format: "date-time" };
      case "ZodAny":
      case "ZodUnknown":
        return {};
      case "ZodLiteral":
        return { const: def.value as Json };
      case "ZodEnum":
        return { type: "string", enum: def.values as readonly string[] };
      case "ZodNativeEnum":
        return { enum: enumValues(def.values as Readonly<Record<string, string | number>>) };
      case "ZodObject":
        return this.object(def, depth);
      case "ZodArray":
        return {
          type: "array",
          items: inner(def.type),
          ...bound("minItems", def.exactLength ?? def.minLength),
          ...bound("maxItems", def.exactLength ?? def.maxLength),
        };
      case "ZodSet":
        return { type: "array", uniqueItems: true, items: inner(def.valueType) };
      case "ZodTuple":
        return {
          type: "array",
          prefixItems: (def.items ?? []).map(inner),
          minItems: def.items?.length ?? 0,
          items: def.rest == null ? false : inner(def.rest),
        };
      case "ZodRecord":
        return {
          type: "object",
          additionalProperties: inner(def.valueType),
          ...keyRules(def.keyType === undefined ? {} : inner(def.keyType)),
        };
      case "ZodUnion":
      case "ZodDiscriminatedUnion":
        return { anyOf: [...(def.options?.values() ?? [])].map(inner) };
      case "ZodIntersection":
        return { allOf: [inner(def.left), inner(def.right)] };
      case "ZodOptional":
      case "ZodReadonly":
      case "ZodCatch":
        return inner(def.innerType);
      case "ZodNullable":
        return { anyOf: [inner(def.innerType), { type: "null" }] };
      case "ZodDefault":
        return { ...inner(def.innerType), default: def.defaultValue?.() as Json };
      case "ZodBranded":
        return inner(def.type);
      case "ZodEffects":
        return inner(def.schema);
      case "ZodPipeline":
        return inner(def.in);
      case "ZodLazy":
        return this.reference(def, depth);
      default:
        throw configError(
          `The zod schema cannot be written as JSON Schema: JSON has no ${def.typeName.replace(/^Zod/, "")}`,
        );
    }
  }

  private object({ shape, unknownKeys, catchall }: Zod3Definition, depth: number): JsonObject {
    const entries = Object.entries(shape?.() ?? {});
    const others = catchall === undefined || catchall._def.typeName === "ZodNever" ? undefined : catchall;
    return {
      type: "object",
      properties: Object.fromEntries(entries.map(([key, value]) => [key, this.convert(value, depth)])),
      required: entries.filter(([, value]) => !isOptional(value)).map(([key]) => key),
      ...(others !== undefined
        ? { additionalProperties: this.convert(others, depth) }
        : unknownKeys === "passthrough"
          ? {}
          : { additionalProperties: false }),
    };
  }

  private reference({ getter }: Zod3Definition, depth: number): JsonObject {
    const schema = getter?.();
    if (schema === undefined) return {};
    let name = this.lazy.get(schema);
    if (name === undefined) {
      name = `schema${this.lazy.size}`;
      this.lazy.set(schema, name);
      this.definitions[name] = this.convert(schema, depth);
    }
    return { $ref: `#/$defs/${name}` };
  }
}

/** Whether a property of this schema may be absent. */
function isOptional({ _def: def }: Zod3Schema): boolean {
  switch (def.typeName) {
    case "ZodOptional":
    case "ZodDefault":
    case "ZodCatch":
    case "ZodAny":
    case "ZodUnknown":
      return true;
    case "ZodNullable":
    case "ZodReadonly":
      return def.innerType !== undefined && isOptional(def.innerType);
    case "ZodEffects":
      return def.schema !== undefined && isOptional(def.schema);
    case "ZodBranded":
      return def.type !== undefined && isOptional(def.type);
    case "ZodPipeline":
      return def.in !== undefined && isOptional(def.in);
    default:
      return false;
  }
}

function bound(name: string, given: { readonly value: number } | null | undefined): JsonObject {
  return given == null ? {} : { [name]: given.value };
}

function keyRules({ type: _type, ...rules }: JsonObject): JsonObject {
  return Object.keys(rules).length === 0 ? {} : { propertyNames: rules };
}

/** TypeScript writes numeric enums in both directions; the names that numbers lead back to are no values. */
function enumValues(values: Readonly<Record<string, string | number>>): readonly (string | number)[] {
  return Object.keys(values)
    .filter((key) => typeof values[values[key] as string] !== "number")
    .map((key) => values[key] as string | number);
}

const FORMATS: Readonly<Record<string, string>> = {
  email: "email",
  url: "uri",
  uuid: "uuid",
  datetime: "date-time",
  date: "date",
  time: "time",
  duration: "duration",
};

function stringChecks({ checks = [] }: Zod3Definition): JsonObject {
  const json: Record<string, Json> = {};
  for (const { kind, value, regex } of checks) {
    if (kind === "min" || kind === "length") json["minLength"] = value as number;
    if (kind === "max" || kind === "length") json["maxLength"] = value as number;
    if (kind === "regex" && regex !== undefined) json["pattern"] = regex.source;
    const format = Object.hasOwn(FORMATS, kind) ? FORMATS[kind] : undefined;
    if (format !== undefined) json["format"] = format;
  }
  return json;
}

function numberSchema({ checks = [] }: Zod3Definition): JsonObject {
  const json: Record<string, Json> = { type: "number" };
  for (const check of checks) {
    const { kind, value } = check;
    const { inclusive = true } = check as { readonly inclusive?: boolean };
    if (kind === "int") json["type"] = "integer";
    if (kind === "min") json[inclusive ? "minimum" : "exclusiveMinimum"] = value as number;
    if (kind === "max") json[inclusive ? "maximum" : "exclusiveMaximum"] = value as number;
    if (kind === "multipleOf") json["multipleOf"] = value as number;
  }
  return json;
}
