import type { ProviderDescription } from "ai-lib/providers";
import { type Colors, type Io, measureWidth, selectColors } from "../io.js";
import { readSetup } from "../setup.js";
import { formatTable } from "../table.js";

/** Lists all providers: whether each is configured, and the variables that it needs. */
export async function listProviders(io: Io, options: { readonly json?: boolean }): Promise<void> {
  const { environment, factory } = await readSetup(io);
  const all = factory.ids().map((id) => factory.describe(id, environment));
  if (options.json === true) {
    io.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    return;
  }
  const color = selectColors(io, io.stdout);
  const columns = ["provider", "state", "key variable", "dialect", "default model"];
  const table = formatTable(
    columns.map((heading) => ({ heading })),
    all.map((one) => [one.id, formatState(one, color), formatVariables(one), one.dialect, one.model ?? ""]),
    measureWidth(io.stdout),
  );
  io.stdout.write(`${table}\n`);
}

function formatState(one: ProviderDescription, color: Colors): string {
  if (one.configured && one.key.from !== undefined) return color.green("ready");
  return one.local ? color.dim("local") : "";
}

/** Formats the variable that holds the key, or else those to set: the first name of each; `--json` lists all names. */
function formatVariables({ key, missing }: ProviderDescription): string {
  if (missing.length === 0) return key.from ?? (key.optional ? "none needed" : "");
  return missing.map((names) => names.split(" or ")[0]).join(", ");
}
