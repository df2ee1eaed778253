/** What a vendor accepts in a schema that answers or arguments are held to. */
export interface SchemaRules {
  /** Whose rules these are, for warnings and refusals. */
  readonly of: string;
  /** Every object must be closed. A map of any keys cannot be. */
  readonly closed: boolean;
  /** Every property must be required. Optional ones become nullable. */
  readonly requireAll?: boolean;
  /** Every schema must say its type. */
  readonly typed?: boolean;
  /** Keywords that are left out with a warning: what they demand is no longer enforced. */
  readonly refused: ReadonlySet<string>;
  /** Keywords without which a schema would mean something else: it cannot be fitted. */
  readonly unfit: ReadonlySet<string>;
  /** Formats of strings; others are left out with a warning. Default: any. */
  readonly formats?: ReadonlySet<string>;
  /** Accepts no `minItems` above 1. */
  readonly shortMinItems?: boolean;
  /** A schema may not contain itself. */
  readonly noRecursion?: boolean;
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
  closed: true,
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
  closed: true,
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
  shortMinItems: true,
  noRecursion: true,
  limits: { optional: 24 },
};

/**
 * Strict schemas of Mistral, whose client closes objects (https://docs.mistral.ai/capabilities/structured-output), and of
 * other hosts that let properties be optional.
 */
export const CLOSED_STRICT: SchemaRules = {
  of: "a strict schema",
  closed: true,
  refused: new Set(),
  unfit: new Set(["patternProperties"]),
};

/** The rules for strict schemas by the word that quirks have for them; `any` schema needs no fitting. */
export const STRICT_RULES: Readonly<Record<"openai" | "closed" | "any", SchemaRules | undefined>> = {
  openai: OPENAI_STRICT,
  closed: CLOSED_STRICT,
  any: undefined,
};

/** Which strict schemas an endpoint accepts. */
export type StrictSchemas = keyof typeof STRICT_RULES;
