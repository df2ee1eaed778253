import { AiLibError, type ChatProvider } from "ai-lib";
import {
  CAPABILITIES,
  type Capabilities,
  CONFORMANCE_GROUPS,
  capabilitiesOf,
  conformanceTable,
  runConformance,
} from "ai-lib/testing";
import { configError } from "../errors.js";
import { colorsFor, type Io, isTerminal } from "../io.js";
import { chooseProvider, readSetup, type Setup } from "../setup.js";

/** What `ai-lib conformance` takes. */
export interface ConformanceCommandOptions {
  readonly model?: string;
  readonly json?: boolean;
  /** Names of capabilities, with commas between. */
  readonly can?: string;
  /** Names of groups, with commas between. */
  readonly only?: string;
  readonly wrongKey?: boolean;
  /** Tokens, as text. */
  readonly tooLong?: string;
}

/**
 * Shows whether a live endpoint keeps the contract. What it does not declare it is asked for as well, and told of.
 * @throws {AiLibError} `INVALID_RESPONSE` where it does not, so that the exit code says so.
 */
export async function conformance(io: Io, options: ConformanceCommandOptions): Promise<void> {
  const setup = await readSetup(io);
  const provider = await chooseProvider(setup, options.model);
  const tooLongTokens = options.tooLong === undefined ? undefined : tokensOf(options.tooLong);
  const wrongKey = options.wrongKey === true ? withWrongKey(setup, provider) : undefined;
  const declared = options.can === undefined ? capabilitiesOf(provider) : declaredBy(options.can);
  const capabilities: Capabilities = {
    ...declared,
    ...(wrongKey === undefined ? {} : { wrongKey: true }),
    ...(tooLongTokens === undefined ? {} : { tooLong: true }),
  };
  const groups = options.only === undefined ? undefined : named("group", options.only, CONFORMANCE_GROUPS);
  const live = options.json !== true && isTerminal(io.stderr);
  const color = colorsFor(io, io.stderr);
  const report = await runConformance(
    provider,
    { capabilities, wrongKey, tooLongTokens, groups },
    // It takes minutes on a slow model: a person wants to see that it goes on.
    ({ group, name, status }) => {
      if (live) io.stderr.write(`${color.dim(`${group}: ${name}: ${status}`)}\n`);
      io.signal.throwIfAborted();
    },
  ).catch((error: unknown) => {
    throw AiLibError.from(error);
  });
  io.stdout.write(`${options.json === true ? JSON.stringify(report, null, 2) : conformanceTable(report)}\n`);
  if (report.conforms) return;
  const failures = report.cases.filter(({ status }) => status === "failed").length;
  throw new AiLibError({
    code: "INVALID_RESPONSE",
    message: `${provider.name} failed ${failures} of ${report.cases.length} cases`,
    target: provider.target,
  });
}

/** The same endpoint with a key that nobody has. */
function withWrongKey({ environment, factory }: Setup, provider: ChatProvider): ChatProvider {
  const model = provider.target?.model;
  return factory.create(provider.name, {
    environment,
    apiKey: "sk-wrong-key-of-a-conformance-run",
    ...(model === undefined ? {} : { model }),
  });
}

function declaredBy(list: string): Capabilities {
  return Object.fromEntries(named("capability", list, CAPABILITIES).map((name) => [name, true]));
}

function named<Name extends string>(what: string, list: string, known: readonly Name[]): Name[] {
  return list
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .map((each) => {
      const found = known.find((name) => name === each);
      if (found === undefined)
        throw configError(`There is no ${what} "${each}"; there are: ${known.join(", ")}`);
      return found;
    });
}

function tokensOf(text: string): number {
  const tokens = Number(text);
  if (!Number.isInteger(tokens) || tokens < 1)
    throw configError(`--too-long takes a whole number of tokens, not "${text}"`);
  return tokens;
}
