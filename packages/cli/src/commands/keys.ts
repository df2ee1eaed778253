import { interruptedError, usageError } from "../errors.js";
import { type Io, isTerminal, measureWidth, readPipe } from "../io.js";
import { describeKey } from "../key-origin.js";
import { locateKeys, readKeys, removeKey, storeKey } from "../keys-file.js";
import { readSetup } from "../setup.js";
import { formatTable } from "../table.js";

/** Stores a provider's key: typed without echo on a terminal, else read from standard input. */
export async function setKey(io: Io, id: string): Promise<void> {
  const { factory } = await readSetup(io);
  const [variable] = factory.describe(id, io.environment).key.variables;
  if (variable === undefined) throw usageError(`The provider "${id}" needs no key`);
  const key = isTerminal(io.stdin) ? await askHidden(io, `${variable}: `) : await readPipe(io);
  if (key.trim() === "") throw usageError("The key is empty; nothing was stored");
  const path = locateKeys(io.environment);
  await storeKey(path, variable, key.trim());
  io.stderr.write(`Stored ${variable} in ${path}. Only you can read this file.\n`);
}

async function askHidden(io: Io, message: string): Promise<string> {
  const { default: password } = await import("@inquirer/password");
  const closed = new AbortController();
  const onKey = (_: unknown, key: { readonly ctrl: boolean; readonly name: string }) => {
    if (key.ctrl && key.name === "d") closed.abort();
  };
  io.stdin.on("keypress", onKey);
  try {
    return await password({ message, mask: false }, { signal: closed.signal });
  } catch (error) {
    // Ctrl-C and Ctrl-D.
    if (["ExitPromptError", "AbortPromptError"].includes((error as Error).name)) throw interruptedError();
    throw error;
  } finally {
    io.stdin.off("keypress", onKey);
  }
}

/** Removes the stored key of a provider. */
export async function removeStoredKey(io: Io, id: string): Promise<void> {
  const { factory } = await readSetup(io);
  const path = locateKeys(io.environment);
  let removed = 0;
  for (const variable of factory.describe(id, io.environment).key.variables) {
    if (!(await removeKey(path, variable))) continue;
    removed++;
    io.stderr.write(`Removed ${variable} from ${path}.\n`);
  }
  if (removed === 0) throw usageError(`No key of "${id}" is stored in ${path}; see: ai-lib keys list`);
}

/**
 * Tests the key of a provider without using tokens, and says where the key comes from.
 * @throws {AiLibError} what the provider answered, so that the exit code is not 0.
 */
export async function testKey(io: Io, id: string): Promise<void> {
  const { environment, factory } = await readSetup(io);
  const { key } = factory.describe(id, environment);
  const tested = factory.create(id, { environment });
  await tested.checkHealth({ signal: io.signal, timeouts: { totalMs: TEST_MS } });
  const origin = key.from === undefined ? "no key is needed" : describeKey(io, key.from);
  io.stdout.write(`${id} accepts the key (${origin}).\n`);
}

/** Time for a provider to respond, in milliseconds. */
const TEST_MS = 10_000;

/** Lists the stored keys without their values, and marks those that the environment overrides. */
export async function listKeys(io: Io, options: { readonly json?: boolean }): Promise<void> {
  const stored = Object.keys(await readKeys(locateKeys(io.environment))).sort();
  const keys = stored.map((variable) => ({ variable, overridden: (io.environment[variable] ?? "") !== "" }));
  if (options.json === true) io.stdout.write(`${JSON.stringify(keys, null, 2)}\n`);
  else if (keys.length === 0) io.stderr.write("No keys are stored. Store one with: ai-lib keys set groq\n");
  else {
    const rows = keys.map(({ variable, overridden }) => [
      variable,
      overridden ? "overridden by the environment" : "stored",
    ]);
    const columns = [{ heading: "key" }, { heading: "state" }];
    io.stdout.write(`${formatTable(columns, rows, measureWidth(io.stdout))}\n`);
  }
}

/** Prints the path of the keys file. */
export function showKeysPath(io: Io): void {
  io.stdout.write(`${locateKeys(io.environment)}\n`);
}
