import { expect, it } from "vitest";
import { attempt, call, packed } from "../../../test/support/calls.js";
import type { Rate } from "../rates.js";
import type { Database, SqlRunner, SqlValue } from "./database.js";
import { hashWith } from "./dimensions.js";
import { BatchWriter } from "./write.js";

/** What a batch writes, by table. */
async function written(order: readonly number[]): Promise<Record<string, readonly (readonly SqlValue[])[]>> {
  const found: Record<string, readonly (readonly SqlValue[])[]> = {};
  const sql: SqlRunner = {
    all: async () => [],
    run: async () => 0,
    insert: async ({ name }, rows) => {
      found[name] = rows;
      return rows.length;
    },
  };
  const database = { transaction: (work) => work(sql) } as Database;
  const calls = order.map((n) =>
    call(1_000, {
      ...{
        tags: [`t${n}`, "b"],
        groups: [`g${n % 3}`],
        session: `s${n % 5}`,
        user: `u${n % 7}`,
        model: `m${n % 4}`,
      },
      attempts: [
        attempt({
          rate: `r${n % 6}`,
          meters: {
            ...{ input: 1, output: 1, cached: 0, cacheWrite: 0, reasoning: 0 },
            others: { [`unit:${n % 2}`]: 1 },
          },
        }),
      ],
    }),
  );
  const rates = [...new Set(order.map((n) => n % 6))].map(
    (n): Rate => ({
      ...{ id: `r${n}`, provider: "p", model: "m", variant: "", since: 1, price: undefined, edited: false },
    }),
  );
  await new BatchWriter(database, hashWith("a")).write({ calls: packed(calls), contents: [], rates }, false);
  return found;
}

it("rows that other processes write as well are in one order, so that no two lock each other out", async () => {
  const order = Array.from({ length: 40 }, (_, index) => (index * 7) % 40);
  const { gateway_log: _, gateway_contents: __, ...first } = await written(order);
  const { gateway_log: ___, gateway_contents: ____, ...second } = await written([...order].reverse());
  expect(Object.keys(first).sort()).toEqual([
    ...["gateway_dimensions", "gateway_forms", "gateway_lists", "gateway_other_sums", "gateway_rates"],
    ...["gateway_sessions", "gateway_sums"],
  ]);
  for (const [table, rows] of Object.entries(first)) {
    expect(rows.length).toBeGreaterThan(1);
    expect([table, rows]).toEqual([table, second[table]]);
  }
});
