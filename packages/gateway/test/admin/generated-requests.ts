import fc from "fast-check";

/** The parts of a JSON Schema that the document of the admin API uses. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: Schema;
}

/** An operation of an OpenAPI document. */
export interface Operation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

/** An OpenAPI document, as far as requests are generated from it. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** A request that was generated. */
export interface Generated {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Positions of all lists, possible and impossible ones. */
const cursor = fc
  .oneof(
    fc.record({ at: fc.oneof(fc.double({ noNaN: true }), fc.maxSafeInteger()), id: fc.string() }),
    fc.constantFrom(
      { at: 1.5, id: "" },
      { at: -1, id: "call_" },
      { at: 1e300, id: "\0" },
      { at: 2 ** 63, id: "" },
      { at: 9.3e18, id: "call_ffffffffffffffffffffffff" },
      { after: "\0" },
      { after: "\ud800" },
      { before: "\0" },
      { before: "g" },
      { before: "0".repeat(24) },
      { __proto__: null, after: "", also: 1 },
      "text",
      null,
      [],
    ),
  )
  .map(cursorOf);

/** Texts that break programs which trust them. */
const hostileText = fc.oneof(
  fc.constantFrom(
    ...[
      "\0",
      "a\0b",
      "\ud800",
      "\udfff\ud800",
      "\u001b[2J",
      "\u202e",
      "__proto__",
      "constructor",
      "../..",
      "%",
    ],
    ...["'; DROP TABLE gateway_log; --", "\r\nset-cookie: a=b", " ", "*", "null", "-1", "1e400", "NaN"],
    ...["a".repeat(5_000), "\u{1f600}".repeat(150), `${"a".repeat(199)}\u{1f600}`],
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
  cursor,
);

const hostileNumber = fc.oneof(
  fc.constantFrom(0, -0, -1, 1.5, 2 ** 31, 2 ** 53, 2 ** 63, 1e300, -1e300, 5e-324, 201, 10_001),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** A value that the schema does not ask for. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  hostileNumber,
  fc.constantFrom(null, true, [], {}, [[[]]], { $ref: "#" }),
  fc.constant(JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":1}}') as unknown),
);

const instant = fc.oneof(
  fc.constantFrom(
    ...["0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "1970-01-01T00:00:00Z", "2026-11-28T10:00Z"],
    ...[
      "2026-11-28T09:00:00Z",
      "2026-11-28T12:00:00Z",
      "2024-02-29T23:59:59.123456789Z",
      "1969-12-31T23:59:59Z",
    ],
  ),
  fc
    .date({ noInvalidDate: true, min: new Date("2026-01-01"), max: new Date("2027-01-01") })
    .map((date) => date.toISOString()),
);

/** Generates requests to the operations of a document. */
export class RequestGenerator {
  /** @param known texts that stand for something, by the names of parameters and fields */
  constructor(
    private readonly document: Document,
    private readonly known: Readonly<Record<string, readonly string[]>>,
    private readonly isHostile = true,
  ) {}

  /** Half of them are as the document asks for, and the others have something hostile. */
  requests(path: string, operation: Operation): fc.Arbitrary<Generated> {
    const { document, known } = this;
    return fc.oneof(
      new RequestGenerator(document, known, false).some(path, operation),
      new RequestGenerator(document, known, true).some(path, operation),
    );
  }

  private some(path: string, { parameters, requestBody }: Operation): fc.Arbitrary<Generated> {
    const values = fc.record(
      Object.fromEntries(
        parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, this.parameter(parameter)]),
      ),
    );
    const schema = requestBody?.content["application/json"]?.schema;
    const body = !this.isHostile
      ? schema === undefined
        ? fc.constant(undefined)
        : this.value("body", schema).map((value) => JSON.stringify(value))
      : schema === undefined
        ? fc.option(fc.constantFrom("{}", "null", "x"), { nil: undefined, freq: 8 })
        : fc.oneof(
            { weight: 12, arbitrary: this.value("body", schema).map((value) => JSON.stringify(value)) },
            {
              weight: 1,
              arbitrary: fc.constantFrom(
                undefined,
                "",
                "{",
                "[]",
                "\ufeff{}",
                deep(20_000),
                `{"request":${deep(20_000)}}`,
              ),
            },
          );
    const more = !this.isHostile
      ? fc.constant(undefined)
      : fc.option(fc.tuple(fc.constantFrom("also", "__proto__", "limit", "cursor", "\0"), hostileText), {
          nil: undefined,
          freq: 10,
        });
    const type = !this.isHostile
      ? fc.constant("application/json")
      : fc.oneof(
          { weight: 20, arbitrary: fc.constant("application/json") },
          {
            weight: 1,
            arbitrary: fc.constantFrom(
              "text/plain",
              "application/json; charset=utf-16",
              "multipart/form-data",
            ),
          },
        );
    return fc.tuple(values, body, more, type).map(([given, text, also, contentType]) => {
      let target = path;
      const query = new URLSearchParams();
      const headers: Record<string, string> = {};
      for (const { name, in: place } of parameters) {
        const value = given[`${place} ${name}`];
        if (value === undefined) continue;
        if (place === "path") target = target.replace(`{${name}}`, encodeURIComponent(value));
        else if (place === "query") query.append(name, value);
        else headers[name] = value;
      }
      if (also !== undefined) query.append(...also);
      if (text !== undefined && text !== "") headers["content-type"] = contentType;
      return { path: `${target}${query.size === 0 ? "" : `?${query}`}`, headers, body: text };
    });
  }

  private parameter({ name, in: place, required, schema }: Parameter): fc.Arbitrary<string | undefined> {
    if (place === "header" && !this.isHostile)
      return name === "if-match"
        ? fc.constantFrom("*", '"1"')
        : fc.constantFrom(undefined, name === "if-none-match" ? "*" : undefined);
    if (place === "header")
      return fc.option(
        fc.constantFrom(
          "*",
          '"1"',
          '"2"',
          '"x"',
          'W/"1"',
          "1, 2",
          "a",
          cursorOf({ at: 1e300, id: "" }),
          "\u00ff".repeat(300),
        ),
        {
          ...{ nil: undefined, freq: required || name === "if-match" ? 12 : 2 },
        },
      );
    if (name === "cursor" && !this.isHostile) return fc.constant(undefined);
    const own = name === "cursor" ? cursor : this.value(name, schema, place === "path" ? 3 : 8);
    const text = own.map((value) =>
      wellFormed(typeof value === "string" ? value : (JSON.stringify(value) ?? "x")),
    );
    if (place === "path")
      return text.map((value) => (value === "" || value === "." || value === ".." ? "x" : value));
    return fc.option(text, { nil: undefined, freq: 1 });
  }

  private value(name: string, schema: Schema, right = 12): fc.Arbitrary<unknown> {
    if (!this.isHostile) return this.right(name, schema);
    return fc.oneof(
      { weight: right, arbitrary: this.right(name, schema) },
      { weight: 1, arbitrary: hostile },
    );
  }

  private right(name: string, schema: Schema): fc.Arbitrary<unknown> {
    const known = this.known[name];
    if (known !== undefined && schema.type === "string") return fc.constantFrom(...known);
    if (schema.$ref !== undefined) {
      const found = this.document.components.schemas[schema.$ref.replace(/^.*\//, "")];
      if (found === undefined) throw new Error(`${schema.$ref} is in no component`);
      return this.right(name, found);
    }
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((each) => this.right(name, each)));
    switch (schema.type) {
      case "string":
        if (schema.format === "date-time") return instant;
        if (schema.pattern?.startsWith("^[\\w") === true) return fc.stringMatching(/^[\w.@:+/-]{1,20}$/);
        return fc.string({ minLength: 1, maxLength: 20 });
      case "integer":
        return fc.integer({
          min: Math.max(schema.minimum ?? schema.exclusiveMinimum ?? 0, 0) + 1,
          max: Math.min(schema.maximum ?? 1_000, 1_000),
        });
      case "number":
        return fc.double({ min: 0.001, max: Math.min(schema.maximum ?? 1_000, 1_000), noNaN: true });
      case "boolean":
        return fc.boolean();
      case "null":
        return fc.constant(null);
      case "array":
        return fc.array(this.value(name, schema.items ?? {}), { maxLength: 3 });
      case "object":
        return this.object(schema);
      default:
        return hostile;
    }
  }

  private object({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<unknown> {
    const fields = Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [
        name,
        required.includes(name)
          ? this.value(name, schema)
          : fc.option(this.value(name, schema), { nil: undefined, freq: 2 }),
      ]),
    );
    const more =
      typeof additionalProperties === "object"
        ? fc.dictionary(
            fc.oneof(fc.string({ minLength: 1, maxLength: 9 }), fc.constantFrom("__proto__", "\0")),
            this.value("", additionalProperties),
            { maxKeys: 3 },
          )
        : !this.isHostile
          ? fc.constant({})
          : fc.option(fc.dictionary(fc.constantFrom("also", "__proto__", "\0"), hostile), {
              nil: {},
              freq: 20,
            });
    return fc.tuple(fc.record(fields), more).map(([own, others]) => ({ ...own, ...others }));
  }
}

/** An object within objects. */
function deep(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
}

/** A text as a URL can have it. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
