import { type } from "arktype";
import { Type } from "typebox";
import { Type as Type0 } from "typebox-0";
import * as v from "valibot";
import { z } from "zod";
import * as mini from "zod/mini";
import { z as z3 } from "zod-3";
import { z as z325 } from "zod-3/v4";
import { z as z40 } from "zod-4-0";
import * as mini40 from "zod-4-0/v4-mini";
import type { AnySchema } from "../../src/client/standard-schema.js";

/** One schema in the words of a library. */
export interface Library {
  readonly name: string;
  readonly schema: AnySchema;
  /** Whether the library checks and converts dates; JSON Schema has them as texts. */
  readonly dates?: boolean;
  /** Whether the library fills defaults in. */
  readonly defaults?: boolean;
  /** A schema of the library that JSON has no form for. */
  readonly unfit?: AnySchema;
}

/** Zod 4 in any of its packages. */
function zod4(lib: typeof z): AnySchema {
  return lib.object({
    title: lib.string().min(1).describe("Of the event"),
    place: lib.string().optional(),
    host: lib.string().nullable(),
    fee: lib.union([lib.number(), lib.literal("free")]),
    kind: lib.enum(["talk", "walk"]),
    tags: lib.record(lib.string(), lib.number().int()),
    when: lib.date(),
    seats: lib.number().default(10),
    guests: lib.array(lib.object({ name: lib.string() })),
  });
}

function zodMini(lib: typeof mini): AnySchema {
  return lib.object({
    title: lib.string().check(lib.minLength(1), lib.describe("Of the event")),
    place: lib.optional(lib.string()),
    host: lib.nullable(lib.string()),
    fee: lib.union([lib.number(), lib.literal("free")]),
    kind: lib.enum(["talk", "walk"]),
    tags: lib.record(lib.string(), lib.int()),
    when: lib.date(),
    seats: lib._default(lib.number(), 10),
    guests: lib.array(lib.object({ name: lib.string() })),
  });
}

/** The schema that every library writes, and what is known of each. */
export const LIBRARIES: readonly Library[] = [
  { name: "zod", schema: zod4(z), dates: true, defaults: true, unfit: z.object({ n: z.bigint() }) },
  {
    name: "zod mini",
    schema: zodMini(mini),
    dates: true,
    defaults: true,
    unfit: mini.object({ n: mini.map(mini.string(), mini.string()) }),
  },
  {
    name: "zod 4.0",
    schema: zod4(z40 as unknown as typeof z),
    dates: true,
    defaults: true,
    unfit: z40.object({ n: z40.bigint() }) as AnySchema,
  },
  {
    name: "zod mini 4.0",
    // `describe` is no check there: descriptions stand in a registry.
    schema: zodMini({ ...mini40, describe: () => mini40.minLength(1) } as unknown as typeof mini),
    dates: true,
    defaults: true,
    unfit: mini40.object({ n: mini40.bigint() }) as AnySchema,
  },
  {
    name: "zod 3.25",
    schema: z3.object({
      title: z3.string().min(1).describe("Of the event"),
      place: z3.string().optional(),
      host: z3.string().nullable(),
      fee: z3.union([z3.number(), z3.literal("free")]),
      kind: z3.enum(["talk", "walk"]),
      tags: z3.record(z3.number().int()),
      when: z3.date(),
      seats: z3.number().default(10),
      guests: z3.array(z3.object({ name: z3.string() })),
    }) as AnySchema,
    dates: true,
    defaults: true,
    unfit: z3.object({ n: z3.bigint() }) as AnySchema,
  },
  {
    name: "zod/v4 of 3.25",
    schema: zod4(z325 as unknown as typeof z),
    dates: true,
    defaults: true,
    unfit: z325.object({ n: z325.bigint() }) as AnySchema,
  },
  {
    name: "valibot",
    schema: v.object({
      title: v.pipe(v.string(), v.minLength(1), v.description("Of the event")),
      place: v.optional(v.string()),
      host: v.nullable(v.string()),
      fee: v.union([v.number(), v.literal("free")]),
      kind: v.picklist(["talk", "walk"]),
      tags: v.record(v.string(), v.pipe(v.number(), v.integer())),
      when: v.date(),
      seats: v.optional(v.number(), 10),
      guests: v.array(v.object({ name: v.string() })),
    }),
    dates: true,
    defaults: true,
    unfit: v.object({ n: v.bigint() }),
  },
  {
    name: "arktype",
    schema: type({
      title: type("string >= 1").describe("Of the event"),
      "place?": "string",
      host: "string | null",
      fee: "number | 'free'",
      kind: "'talk' | 'walk'",
      tags: { "[string]": "number.integer" },
      when: "string.date.iso",
      seats: "number = 10",
      guests: type({ name: "string" }).array(),
    }),
    // It writes what JSON lacks as any value, so nothing is refused.
    defaults: true,
  },
  {
    name: "TypeBox",
    schema: Type.Object({
      title: Type.String({ minLength: 1, description: "Of the event" }),
      place: Type.Optional(Type.String()),
      host: Type.Union([Type.String(), Type.Null()]),
      fee: Type.Union([Type.Number(), Type.Literal("free")]),
      kind: Type.Enum(["talk", "walk"]),
      tags: Type.Record(Type.String(), Type.Integer()),
      when: Type.String({ format: "date-time" }),
      seats: Type.Optional(Type.Number({ default: 10 })),
      guests: Type.Array(Type.Object({ name: Type.String() })),
    }),
  },
  {
    name: "TypeBox 0.34",
    schema: Type0.Object({
      title: Type0.String({ minLength: 1, description: "Of the event" }),
      place: Type0.Optional(Type0.String()),
      host: Type0.Union([Type0.String(), Type0.Null()]),
      fee: Type0.Union([Type0.Number(), Type0.Literal("free")]),
      kind: Type0.Union([Type0.Literal("talk"), Type0.Literal("walk")]),
      tags: Type0.Record(Type0.String(), Type0.Integer()),
      when: Type0.String({ format: "date-time" }),
      seats: Type0.Optional(Type0.Number({ default: 10 })),
      guests: Type0.Array(Type0.Object({ name: Type0.String() })),
    }),
  },
];

/** A value of the schema, as a model writes it. */
export const WRITTEN = {
  title: "Jazz",
  host: null,
  fee: "free",
  kind: "talk",
  tags: { music: 3 },
  when: "2026-05-01T18:00:00Z",
  guests: [{ name: "Ada" }],
};
