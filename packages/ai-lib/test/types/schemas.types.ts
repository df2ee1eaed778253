/** What a schema's types become: in objects, streamed objects and tools. Compiled in CI, never run. */
import {
  type AiClient,
  type DeepPartial,
  defineTextTool,
  defineTool,
  type OutputOf,
  type ToolContext,
} from "ai-lib";
import { type } from "arktype";
import { type Static, Type as TypeBox } from "typebox";
import { Type as TypeBox0 } from "typebox-0";
import * as v from "valibot";
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod-3";

interface City {
  name: string;
  people?: number | undefined;
}

const withZod = z.object({ name: z.string(), people: z.number().optional() });
const withZod3 = z3.object({ name: z3.string(), people: z3.number().optional() });
const withValibot = v.object({ name: v.string(), people: v.optional(v.number()) });
const withArktype = type({ name: "string", "people?": "number | undefined" });
const withTypeBox0 = TypeBox0.Object({ name: TypeBox0.String() });
const withTypeBox = TypeBox.Object({ name: TypeBox.String() });
const json = { type: "object", properties: { name: { type: "string" } } } as const;

export async function objects(client: AiClient): Promise<void> {
  expectTypeOf((await client.object(withZod, "Rome?")).object).toEqualTypeOf<City>();
  expectTypeOf((await client.object(withZod3, "Rome?")).object).toEqualTypeOf<City>();
  expectTypeOf((await client.object(withValibot, "Rome?")).object).toEqualTypeOf<City>();
  expectTypeOf((await client.object(withArktype, "Rome?")).object).toEqualTypeOf<City>();
  expectTypeOf((await client.object(withTypeBox0, "Rome?")).object).toEqualTypeOf<{ name: string }>();
  // These two say nothing of their values: TypeBox has `Static`, a JSON Schema has nothing.
  expectTypeOf((await client.object(withTypeBox, "Rome?")).object).toBeUnknown();
  expectTypeOf<Static<typeof withTypeBox>>().toEqualTypeOf<{ name: string }>();
  expectTypeOf((await client.object(json, "Rome?")).object).toBeUnknown();
  // What a schema makes of a value, not what it takes.
  const length = z.string().transform((text) => text.length);
  expectTypeOf<OutputOf<typeof length>>().toEqualTypeOf<number>();
  // @ts-expect-error A text is no schema.
  await client.object("city", "Rome?");
  // @ts-expect-error No such option.
  await client.object(withZod, "Rome?", { maxRepair: 1 });
}

export function streamedObjects(client: AiClient): void {
  const list = client.streamObject(z.array(withZod), "Cities?");
  expectTypeOf(list.elements).toEqualTypeOf<AsyncIterable<City>>();
  expectTypeOf(list.partials).toEqualTypeOf<AsyncIterable<DeepPartial<City>[]>>();
  const one = client.streamObject(withZod, "Rome?");
  expectTypeOf(one.elements).toEqualTypeOf<AsyncIterable<never>>();
  expectTypeOf(one.object).returns.resolves.toHaveProperty("object").toEqualTypeOf<City>();
  expectTypeOf<DeepPartial<{ at: Date; tags: string[]; city: City }>>().toEqualTypeOf<{
    at?: Date;
    tags?: string[];
    city?: { name?: string; people?: number | undefined };
  }>();
}

export async function tools(client: AiClient): Promise<void> {
  const look = defineTool({
    name: "look",
    parameters: withZod,
    execute: (args, context) => {
      expectTypeOf(args).toEqualTypeOf<City>();
      expectTypeOf(context).toEqualTypeOf<ToolContext>();
      return args.name;
    },
  });
  const ask = defineTool({
    name: "ask",
    parameters: json,
    execute: (args, { context }: ToolContext<{ user: string }>) => {
      expectTypeOf(args).toBeUnknown();
      return context.user;
    },
  });
  const query = defineTextTool({
    name: "query",
    execute: (sql) => {
      expectTypeOf(sql).toBeString();
    },
  });
  const { response } = await client.runTools("Rome?", [look, query]);
  expectTypeOf(response.text).toBeString();
  await client.runTools("Rome?", [look, ask], { toolContext: { user: "ada" } });
  // @ts-expect-error The tool needs a user.
  await client.runTools("Rome?", [ask], { toolContext: { name: "ada" } });
  // @ts-expect-error A tool has a schema.
  defineTool({ name: "look", execute: () => "" });
}
