import { ProviderFactory } from "../../providers/factory.js";
import { colorsFor, type Io, widthOf } from "../io.js";
import { readSetup } from "../setup.js";
import { table } from "../table.js";

/** Lists every provider: which are configured, and the variable that each wants. */
export async function providers(io: Io, options: { readonly json?: boolean }): Promise<void> {
  const { environment } = await readSetup(io);
  const all = ProviderFactory.ids().map((id) => ProviderFactory.describe(id, environment));
  if (options.json === true) {
    io.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    return;
  }
  const color = colorsFor(io, io.stdout);
  const rows = all.map((one) => [
    one.id,
    one.configured ? color.green("ready") : one.local ? color.dim("local") : "",
    one.keyVariables[0] ?? "none needed",
    one.dialect,
    one.model ?? "",
  ]);
  const columns = ["provider", "state", "key variable", "dialect", "default model"];
  io.stdout.write(
    `${table(
      columns.map((heading) => ({ heading })),
      rows,
      widthOf(io.stdout),
    )}\n`,
  );
}
