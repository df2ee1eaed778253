import { configError } from "../errors.js";
import { type Io, isTerminal, readPiped, widthOf } from "../io.js";
import { keysPath, readKeys, storeKey } from "../keys-file.js";
import { readSetup } from "../setup.js";
import { table } from "../table.js";

/** Stores a provider's key: asked for without echo on a terminal, read from standard input otherwise. */
export async function setKey(io: Io, id: string): Promise<void> {
  const { factory } = await readSetup(io);
  const [variable] = factory.describe(id, io.environment).key.variables;
  if (variable === undefined) throw configError(`The provider "${id}" needs no key`);
  const key = isTerminal(io.stdin) ? await askHidden(`${variable}: `) : await readPiped(io);
  if (key.trim() === "") throw configError("No key was given, so that nothing was stored");
  const path = keysPath(io.environment);
  await storeKey(path, variable, key.trim());
  io.stderr.write(`${variable} is stored in ${path}, readable by you alone.\n`);
}

async function askHidden(message: string): Promise<string> {
  const { default: password } = await import("@inquirer/password");
  return password({ message, mask: false });
}

/** Lists which keys are stored, and whether the environment overrides them. Never shows one. */
export async function listKeys(io: Io, options: { readonly json?: boolean }): Promise<void> {
  const stored = Object.keys(await readKeys(keysPath(io.environment))).sort();
  const known = stored.map((variable) => ({ variable, overridden: (io.environment[variable] ?? "") !== "" }));
  if (options.json === true) io.stdout.write(`${JSON.stringify(known, null, 2)}\n`);
  else if (known.length === 0) io.stderr.write("No keys are stored. Store one with: ai-lib keys set groq\n");
  else {
    const rows = known.map((one) => [
      one.variable,
      one.overridden ? "overridden by the environment" : "stored",
    ]);
    io.stdout.write(`${table([{ heading: "key" }, { heading: "state" }], rows, widthOf(io.stdout))}\n`);
  }
}

/** Prints where keys are stored. */
export function showKeysPath(io: Io): void {
  io.stdout.write(`${keysPath(io.environment)}\n`);
}
