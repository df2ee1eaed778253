import { configError } from "../../config-error.js";
import type { Io } from "../../io.js";
import { pathOf } from "./admin-client.js";
import { type AdminOptions, connect, formatTable, print } from "./connect.js";

/** Options of `rates set`, as texts: US dollars for a million tokens, or for a request. */
export interface SetRateOptions extends AdminOptions {
  readonly input?: string;
  readonly output?: string;
  readonly cachedInput?: string;
  readonly cacheWriteInput?: string;
  readonly request?: string;
}

const FIELDS = ["input", "output", "cachedInput", "cacheWriteInput", "request"] as const;

type Price = { readonly [F in (typeof FIELDS)[number]]?: number };

interface Rate {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly variant: string;
  readonly since: string;
  readonly price?: Price;
  readonly edited: boolean;
}

/** Prints the rate card. */
export async function listRates(
  io: Io,
  options: AdminOptions & { readonly provider?: string; readonly model?: string },
): Promise<void> {
  const { provider, model } = options;
  const rates = await connect(io, options).all<Rate>("/rates", { provider, model });
  print(io, options, rates, formatRates);
}

/** Sets parts of the price of a rate; the others stay. */
export async function setRate(io: Io, id: string, options: SetRateOptions): Promise<void> {
  const given = FIELDS.flatMap((field) => {
    const text = options[field];
    return text === undefined ? [] : [[field, readAmount(field, text)] as const];
  });
  if (given.length === 0)
    throw configError(
      "Give at least one of --input, --output, --cached-input, --cache-write-input and --request",
    );
  const client = connect(io, options);
  const path = pathOf("/rates/{id}", { id });
  const { body: before, etag = "*" } = await client.call<Rate>("GET", path);
  const price = { ...before.price, ...Object.fromEntries(given) };
  const { body } = await client.call<Rate>("PATCH", path, { body: { price }, ifMatch: etag });
  print(io, options, body, (rate) => formatRates([rate]));
}

function readAmount(field: string, text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw configError(`${field} must be an amount of US dollars such as 1.25, not ${JSON.stringify(text)}`);
}

function formatRates(rates: readonly Rate[]): string {
  return formatTable(
    ["ID", "PROVIDER", "MODEL", "VARIANT", "INPUT", "CACHED", "OUTPUT", "SINCE", "SOURCE"],
    rates.map(({ id, provider, model, variant, price, since, edited }) => [
      ...[id, provider, model, variant],
      ...[price?.input, price?.cachedInput, price?.output].map((each) =>
        each === undefined ? "?" : String(each),
      ),
      since,
      edited ? "operator" : "catalogue",
    ]),
  );
}
