import type { ProviderDescription } from "ai-lib/providers";
import { colorsFor, type Io, widthOf } from "../io.js";
import { readSetup } from "../setup.js";
import { table } from "../table.js";

/** Lists every provider: which are configured, and the variable that each wants. */
export async function providers(io: Io, options: { readonly json?: boolean }): Promise<void> {
  const { environment, factory } = await readSetup(io);
  const all = factory.ids().map((id) => factory.describe(id, environment));
  if (options.json === true) {
    io.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    return;
  }
  const color = colorsFor(io, io.stdout);
  const rows = all.map((one) => [one.id, stateOf(one, color), wanted(one), one.dialect, one.model ?? ""]);
  const columns = ["provider", "state", "key variable", "dialect", "default model"];
  io.stdout.write(
    `${table(
      columns.map((heading) => ({ heading })),
      rows,
      widthOf(io.stdout),
    )}\n`,
  );
}

function stateOf(one: ProviderDescription, color: ReturnType<typeof colorsFor>): string {
  if (one.configured && one.key.from !== undefined) return color.green("ready");
  return one.local ? color.dim("local") : "";
}

/** The variables to set, the first name of each; `--json` tells the others. */
function wanted({ key, missing }: ProviderDescription): string {
  if (missing.length === 0) return key.from ?? (key.optional ? "none needed" : "");
  return missing.map((names) => names.split(" or ")[0]).join(", ");
}
