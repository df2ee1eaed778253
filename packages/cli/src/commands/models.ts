import { AiLibError, type ModelInfo } from "ai-lib";
import { type Io, measureWidth } from "../io.js";
import { formatError } from "../report.js";
import { listConfigured, readSetup, type Setup } from "../setup.js";
import { formatTable } from "../table.js";
import { foreignText, leaveControls } from "../terminal.js";

/** Lists the models of one provider, or of all configured providers. */
export async function listModels(
  given: Io,
  id: string | undefined,
  options: { readonly json?: boolean; readonly raw?: boolean },
): Promise<void> {
  const io = leaveControls(given, options.raw);
  const setup = await readSetup(io);
  const models =
    id === undefined
      ? await readAllModels(io, setup)
      : await setup.factory.create(id, { environment: setup.environment }).listModels({ signal: io.signal });
  if (options.json === true) io.stdout.write(`${JSON.stringify(models, null, 2)}\n`);
  else if (models.length > 0) io.stdout.write(`${formatModels(io, models)}\n`);
}

/** Reads the models of all configured providers in parallel. Reports the error of a provider and continues. */
async function readAllModels(io: Io, setup: Setup): Promise<readonly ModelInfo[]> {
  const { environment, factory } = setup;
  const ids = listConfigured(setup);
  if (ids.length === 0)
    io.stderr.write(
      "No provider is configured. Name one (ai-lib models ollama), or see `ai-lib providers`.\n",
    );
  const lists = await Promise.all(
    ids.map(async (id) => {
      try {
        return await factory.create(id, { environment }).listModels({ signal: io.signal });
      } catch (error) {
        io.stderr.write(`${id}: ${formatError(io, AiLibError.from(error))}\n`);
        return [];
      }
    }),
  );
  return lists.flat();
}

function formatModels(io: Io, models: readonly ModelInfo[]): string {
  const rows = models.map((model) => [
    foreignText(io.stdout, `${model.provider}/${model.id}`),
    model.contextWindow === undefined ? "" : String(model.contextWindow),
    [
      ...(model.input ?? []),
      ...(model.tools === true ? ["tools"] : []),
      ...(model.reasoning === true ? ["reasoning"] : []),
    ].join(" "),
  ]);
  return formatTable(
    [{ heading: "model" }, { heading: "context", right: true }, { heading: "can" }],
    rows,
    measureWidth(io.stdout),
  );
}
