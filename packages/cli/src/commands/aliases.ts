import { provider } from "ai-lib/providers";
import { usageError } from "../errors.js";
import { type Io, measureWidth } from "../io.js";
import { changeSettings, locateSettings, readSettings } from "../settings.js";
import { readSetup } from "../setup.js";
import { formatTable } from "../table.js";

/**
 * Sets or shows the model that answers where none is named.
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown provider.
 */
export async function setDefaultModel(
  io: Io,
  model: string | undefined,
  options: { readonly clear?: boolean },
): Promise<void> {
  const { environment } = io;
  if (options.clear === true) {
    await changeSettings(environment, ({ defaultModel: _, ...settings }) => settings);
    io.stderr.write("No default model is set now.\n");
    return;
  }
  const settings = await readSettings(environment);
  if (model === undefined) {
    const { DEFAULT_AI_MODEL = "" } = environment;
    if (DEFAULT_AI_MODEL.trim() !== "") io.stdout.write(`${DEFAULT_AI_MODEL.trim()}\n`);
    else if (settings.defaultModel !== undefined) io.stdout.write(`${settings.defaultModel}\n`);
    else io.stderr.write("No default model is set: the first configured provider answers.\n");
    return;
  }
  await requireModel(io, settings.aliases?.[model] ?? model);
  await changeSettings(environment, (before) => ({ ...before, defaultModel: model }));
  io.stderr.write(`${model} answers from now on, unless -m or DEFAULT_AI_MODEL names another model.\n`);
}

/** Gives a model a short name. */
export async function setAlias(io: Io, name: string, model: string): Promise<void> {
  if (!/^[\w][\w.-]*$/.test(name) || name === "__proto__")
    throw usageError(`"${name}" cannot be an alias: use letters, digits, ".", "-" and "_"`);
  await requireModel(io, model);
  await changeSettings(io.environment, (before) => ({
    ...before,
    aliases: { ...before.aliases, [name]: model },
  }));
  io.stderr.write(`${name} stands for ${model}: ai-lib -m ${name} "..."\n`);
}

/** Removes an alias. */
export async function removeAlias(io: Io, name: string): Promise<void> {
  const { aliases = {} } = await readSettings(io.environment);
  if (!Object.hasOwn(aliases, name))
    throw usageError(`There is no alias "${name}"; see: ai-lib aliases list`);
  await changeSettings(io.environment, (before) => {
    const { [name]: _, ...rest } = before.aliases ?? {};
    return { ...before, aliases: rest };
  });
  io.stderr.write(`Removed the alias ${name}.\n`);
}

/** Lists the aliases. */
export async function listAliases(io: Io, options: { readonly json?: boolean }): Promise<void> {
  const { aliases = {} } = await readSettings(io.environment);
  const rows = Object.entries(aliases).sort(([a], [b]) => (a < b ? -1 : 1));
  if (options.json === true) io.stdout.write(`${JSON.stringify(aliases, null, 2)}\n`);
  else if (rows.length === 0)
    io.stderr.write(
      `No aliases are set in ${locateSettings(io.environment)}. Set one: ai-lib aliases set fast groq\n`,
    );
  else
    io.stdout.write(
      `${formatTable([{ heading: "alias" }, { heading: "model" }], rows, measureWidth(io.stdout))}\n`,
    );
}

/** Refuses a model whose provider does not exist; whether its key is set does not matter yet. */
async function requireModel(io: Io, model: string): Promise<void> {
  const { factory } = await readSetup(io);
  provider(model, { apiKey: "unused", environment: io.environment }, factory);
}
