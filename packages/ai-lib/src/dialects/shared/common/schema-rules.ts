/** What a vendor accepts in a schema that it enforces on answers or arguments. */
export interface SchemaRules {
  /** Whose rules these are, for warnings and refusals. */
  readonly of: string;
  /**
   * Every object is closed, so a map of any keys is not possible. `stated`: the schema must say so; `implied`: it need
   * not. Default: objects may be open.
   */
  readonly closed?: "stated" | "implied";
  /** Every property must be required. Optional ones become nullable. */
  readonly requireAll?: boolean;
  /** Every object must require a property. */
  readonly requireOne?: boolean;
  /** What an object requires must be among its properties; other names are left out with a warning. Closed objects imply it. */
  readonly knownRequired?: boolean;
  /** Every schema must say its type. */
  readonly typed?: boolean;
  /** The keywords that it knows. Others are left out, with a warning if they constrain values. Default: any. */
  readonly known?: ReadonlySet<string>;
  /** Keywords that are left out with a warning: their constraint is no longer enforced. */
  readonly refused: ReadonlySet<string>;
  /** Keywords without which a schema would mean something else: it cannot be fitted. */
  readonly unfit: ReadonlySet<string>;
  /** Formats of strings; others are left out with a warning. Default: any. */
  readonly formats?: ReadonlySet<string>;
  /** Texts that no pattern may contain; other patterns are left out with a warning. Default: none. */
  readonly noPatternsWith?: readonly string[];
  /** Accepts no `minItems` above 1. */
  readonly shortMinItems?: boolean;
  /** The values of an enum cannot be objects or lists. */
  readonly plainEnums?: boolean;
  /** Accepts no `const`: it becomes an enum of one value. */
  readonly noConst?: boolean;
  /** Reads `oneOf` as it is. Default: it becomes `anyOf`, with a warning. */
  readonly oneOf?: boolean;
  /** A reference within a schema may have no keywords beside it: it becomes the only member of a union that has them. */
  readonly bareReferences?: boolean;
  /** Where a schema may contain itself. Default: anywhere. */
  readonly recursion?: "nowhere" | "optional properties";
  /** The most of each that a schema may have. */
  readonly limits?: {
    readonly depth?: number;
    readonly properties?: number;
    readonly optional?: number;
    readonly enumValues?: number;
    readonly characters?: number;
  };
}

/**
 * Strict schemas of OpenAI and of the hosts that follow it.
 * https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export const OPENAI_STRICT: SchemaRules = {
  of: "a strict schema",
  closed: "stated",
  requireAll: true,
  typed: true,
  refused: new Set([
    "default",
    "minLength",
    "maxLength",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "minProperties",
    "maxProperties",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
    "dependentRequired",
  ]),
  unfit: new Set(["patternProperties", "prefixItems", "not", "if", "dependentSchemas"]),
  formats: new Set(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]),
  limits: { depth: 10, properties: 5_000, enumValues: 1_000, characters: 120_000 },
};

/**
 * Structured output and strict tools of Claude
 * (https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations), and structured
 * output of Bedrock (https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html).
 */
export const CLAUDE_STRICT: SchemaRules = {
  of: "structured output",
  closed: "stated",
  refused: new Set([
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "maxItems",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "minProperties",
    "maxProperties",
    "propertyNames",
    "unevaluatedProperties",
    "if",
    "then",
    "else",
    "not",
  ]),
  unfit: new Set(["patternProperties"]),
  formats: new Set([
    "date-time",
    "time",
    "date",
    "duration",
    "email",
    "hostname",
    "uri",
    "ipv4",
    "ipv6",
    "uuid",
  ]),
  noPatternsWith: ["(?=", "(?!", "(?<", "\\b", "\\B", "\\1"],
  shortMinItems: true,
  plainEnums: true,
  recursion: "nowhere",
  limits: { optional: 24 },
};

/**
 * Strict schemas of Mistral, whose client closes objects (https://docs.mistral.ai/capabilities/structured-output), and of
 * other hosts that let properties be optional.
 */
export const CLOSED_STRICT: SchemaRules = {
  of: "a strict schema",
  closed: "stated",
  refused: new Set(),
  unfit: new Set(["patternProperties"]),
};

/**
 * Answers of Gemini: "While the full JSON Schema may be sent, not all features are supported", with the list of those
 * that are. A schema may contain itself only in properties that are not required.
 * https://ai.google.dev/api/generate-content#FIELDS.response_json_schema
 */
export const GEMINI_ANSWERS: SchemaRules = {
  of: "structured output of Gemini",
  known: new Set([
    "$id",
    "$defs",
    "$ref",
    "$anchor",
    "type",
    "format",
    "title",
    "description",
    "enum",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "anyOf",
    "oneOf",
    "properties",
    "additionalProperties",
    "required",
    "propertyOrdering",
    "property_ordering",
    // The recording `test-google-recursive-schema-native-output` is a 200.
    "default",
    // Where old drafts have their definitions, which references name.
    "definitions",
  ]),
  refused: new Set(),
  unfit: new Set(["patternProperties"]),
  // "parameters.required[0]: property is not defined"
  knownRequired: true,
  noConst: true,
  oneOf: true,
  bareReferences: true,
  recursion: "optional properties",
};

/** Arguments of functions of Gemini are any JSON Schema, but for `$schema` and `const`. */
export const GEMINI_ARGUMENTS: SchemaRules = {
  of: "Gemini",
  refused: new Set(["$schema"]),
  unfit: new Set(),
  // "parameters.required[0]: property is not defined"
  knownRequired: true,
  noConst: true,
  oneOf: true,
  bareReferences: true,
};

/**
 * Structured output of Cohere.
 * https://docs.cohere.com/docs/structured-outputs#unsupported-schema-features
 */
export const COHERE_ANSWERS: SchemaRules = {
  of: "structured output of Cohere",
  closed: "implied",
  requireOne: true,
  refused: new Set([
    "maximum",
    "minimum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "uniqueItems",
  ]),
  unfit: new Set(["anyOf", "oneOf", "not", "patternProperties"]),
  formats: new Set(["date-time", "uuid", "date", "time"]),
  noPatternsWith: ["^", "$", "?=", "?!"],
};

/** The rules for strict schemas by the word that quirks have for them; `any` schema needs no fitting. */
export const STRICT_RULES: Readonly<Record<"openai" | "closed" | "any", SchemaRules | undefined>> = {
  openai: OPENAI_STRICT,
  closed: CLOSED_STRICT,
  any: undefined,
};

/** Which strict schemas an endpoint accepts. */
export type StrictSchemas = keyof typeof STRICT_RULES;
