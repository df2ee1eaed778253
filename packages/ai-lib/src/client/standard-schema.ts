import type { JsonObject } from "../core/values/json.js";

/** The expected value, and the place where it differs. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema says of a value. */
export type Validated<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/**
 * A schema of zod, valibot, arktype or any other library that follows the Standard Schema
 * (https://standardschema.dev). All zod from 3.25 and arktype need nothing more; valibot needs the package
 * `@valibot/to-json-schema`.
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

/** A schema of TypeBox 1, which is a JSON Schema whose type has no index signature. */
export interface TypeBoxSchema {
  readonly "~kind": string;
}

/** A JSON Schema as a plain object, or a schema of a library. */
export type AnySchema = JsonObject | StandardSchema | TypeBoxSchema;

/**
 * What a value that passed a schema is: known for Standard Schemas and for TypeBox before 1; `unknown` for JSON Schema and
 * for TypeBox 1, whose own `Static<typeof schema>` says it.
 */
export type OutputOf<S> = S extends { readonly "~standard": { readonly types?: infer Types } }
  ? NonNullable<Types> extends { readonly output: infer Output }
    ? Output
    : unknown
  : S extends { readonly static: infer Static }
    ? Static
    : unknown;
