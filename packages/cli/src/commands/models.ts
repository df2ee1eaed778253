import { AiLibError, type ModelInfo } from "ai-lib";
import { type Io, widthOf } from "../io.js";
import { errorReport } from "../report.js";
import { configuredProviders, readSetup } from "../setup.js";
import { table } from "../table.js";

/** Lists the models of one provider, or of every one that is configured. */
export async function models(
  io: Io,
  id: string | undefined,
  options: { readonly json?: boolean },
): Promise<void> {
  const setup = await readSetup(io);
  const { environment, factory } = setup;
  const found: ModelInfo[] = [];
  if (id !== undefined)
    found.push(...(await factory.create(id, { environment }).listModels({ signal: io.signal })));
  else {
    const ids = configuredProviders(setup);
    if (ids.length === 0)
      io.stderr.write(
        "No provider is configured; name one (ai-lib models ollama) or see `ai-lib providers`.\n",
      );
    const lists = await Promise.all(
      ids.map(async (one) => {
        try {
          return await factory.create(one, { environment }).listModels({ signal: io.signal });
        } catch (error) {
          // One provider's trouble must not hide the others' models.
          io.stderr.write(`${one}: ${errorReport(io, AiLibError.from(error))}\n`);
          return [];
        }
      }),
    );
    found.push(...lists.flat());
  }
  if (options.json === true) {
    io.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
    return;
  }
  if (found.length === 0) return;
  const rows = found.map((model) => [
    `${model.provider}/${model.id}`,
    model.contextWindow === undefined ? "" : String(model.contextWindow),
    [
      ...(model.input ?? []),
      ...(model.tools === true ? ["tools"] : []),
      ...(model.reasoning === true ? ["reasoning"] : []),
    ].join(" "),
  ]);
  io.stdout.write(
    `${table([{ heading: "model" }, { heading: "context", right: true }, { heading: "can" }], rows, widthOf(io.stdout))}\n`,
  );
}
