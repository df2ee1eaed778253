import type { Price } from "ai-lib";
import type { Rate, RateCard } from "../rates.js";
import type { Database, SqlRow } from "./database.js";

/** The rate card in a table. */
export class SqlRateCard implements RateCard {
  constructor(private readonly database: Database) {}

  async list(): Promise<readonly Rate[]> {
    const rows = await this.database.all("SELECT * FROM gateway_rates ORDER BY provider, model, since, id");
    return rows.map(rateOf);
  }

  async setPrice(id: string, price: Price, before: Price | undefined): Promise<boolean> {
    const text = JSON.stringify(price);
    const set = "UPDATE gateway_rates SET price = ?, edited = 1 WHERE id = ? AND";
    const changed =
      before === undefined
        ? await this.database.run(`${set} price IS NULL`, [text, id])
        : await this.database.run(`${set} price = ?`, [text, id, JSON.stringify(before)]);
    return changed > 0;
  }

  /** The prices by the ids of their rates. */
  async prices(): Promise<ReadonlyMap<string, Price | undefined>> {
    return new Map((await this.list()).map(({ id, price }) => [id, price]));
  }
}

function rateOf(row: SqlRow): Rate {
  const { price } = row;
  return {
    id: String(row["id"]),
    provider: String(row["provider"]),
    model: String(row["model"]),
    variant: String(row["variant"]),
    since: Number(row["since"]),
    price: typeof price === "string" ? JSON.parse(price) : undefined,
    edited: row["edited"] === 1,
  };
}
