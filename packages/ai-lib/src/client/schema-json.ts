import { configError, messageOf } from "../core/errors/error.js";
import { isZod3, zod3ToJsonSchema } from "./schema-zod3.js";
import type { StandardSchema } from "./standard-schema.js";

/** How a date is written in JSON; {@link revived} reads it back. */
const DATE = { type: "string", format: "date-time" } as const;

/**
 * A schema of a library as JSON Schema: by the library itself if it follows Standard JSON Schema, else by code for that
 * library. Dates, which JSON does not have, become texts.
 * @throws {AiLibError} `CONFIG_ERROR` for a schema that has no JSON Schema, and for a library that is not known.
 */
export async function jsonSchemaOf(schema: StandardSchema): Promise<Record<string, unknown>> {
  const { vendor, jsonSchema } = schema["~standard"];
  let refusal: unknown;
  if (jsonSchema !== undefined) {
    try {
      return jsonSchema.input({ target: "draft-2020-12" });
    } catch (error) {
      refusal = error;
    }
  }
  if (vendor === "zod" && isZod3(schema)) return zod3ToJsonSchema(schema) as Record<string, unknown>;
  if (vendor === "zod" && "_zod" in schema) return zod4ToJsonSchema(schema);
  if (refusal !== undefined)
    throw configError(`The ${vendor} schema has no JSON Schema: ${messageOf(refusal)}`);
  if (vendor === "valibot") return valibotToJsonSchema(schema);
  throw configError(
    `Schemas of the library "${vendor}" cannot be written as JSON Schema; update it, or pass a JSON Schema instead`,
  );
}

/** Loaded once each. */
let zod: typeof import("zod/v4/core") | undefined;
let valibot: typeof import("@valibot/to-json-schema") | undefined;

/** Zod 4 before 4.2, zod mini, and what zod itself refuses although JSON can express it. */
async function zod4ToJsonSchema(schema: StandardSchema): Promise<Record<string, unknown>> {
  try {
    zod ??= await import("zod/v4/core");
    return zod.toJSONSchema(schema as never, {
      io: "input",
      override({ zodSchema, jsonSchema }) {
        if (zodSchema._zod.def.type === "date") Object.assign(jsonSchema, DATE);
        else if (Object.keys(jsonSchema).length === 0 && HAS_NO_JSON.has(zodSchema._zod.def.type))
          throw new Error(`JSON has no ${zodSchema._zod.def.type}`);
      },
      unrepresentable: "any",
    }) as Record<string, unknown>;
  } catch (error) {
    throw configError(`The zod schema has no JSON Schema: ${messageOf(error)}`);
  }
}

const HAS_NO_JSON: ReadonlySet<string> = new Set([
  "bigint",
  "symbol",
  "undefined",
  "void",
  "map",
  "set",
  "function",
  "nan",
  "promise",
]);

async function valibotToJsonSchema(schema: StandardSchema): Promise<Record<string, unknown>> {
  try {
    valibot ??= await import("@valibot/to-json-schema");
    return valibot.toJsonSchema(schema as never, {
      typeMode: "input",
      overrideSchema: ({ valibotSchema, jsonSchema }) =>
        valibotSchema.type === "date" ? { ...jsonSchema, ...DATE } : undefined,
    }) as Record<string, unknown>;
  } catch (error) {
    throw configError(`A valibot schema needs the package @valibot/to-json-schema: ${messageOf(error)}`);
  }
}

/** A date as JSON.stringify and models write it. */
const ISO_DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * The value with dates in place of the texts at some places; undefined where none of them holds the text of a date.
 * A check of a date refuses the text that represents one in JSON.
 */
export function revived(value: unknown, paths: readonly (readonly (string | number)[])[]): unknown {
  let changed = false;
  let copy = value;
  for (const path of paths) {
    const next = withDate(copy, path, 0);
    changed ||= next !== copy;
    copy = next;
  }
  return changed ? copy : undefined;
}

function withDate(value: unknown, path: readonly (string | number)[], at: number): unknown {
  const step = path[at];
  if (step === undefined) {
    if (typeof value !== "string" || !ISO_DATE.test(value)) return value;
    const date = new Date(value);
    return Number.isNaN(date.getTime()) ? value : date;
  }
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return value;
  const inner = (value as Record<string | number, unknown>)[step];
  const next = withDate(inner, path, at + 1);
  if (next === inner) return value;
  if (Array.isArray(value)) return value.map((item, i) => (i === step ? next : item));
  return { ...value, [step]: next };
}
