import { AiLibError, type ChatProvider } from "ai-lib";
import {
  CAPABILITIES,
  type Capabilities,
  CONFORMANCE_GROUPS,
  capabilitiesOf,
  conformanceTable,
  runConformance,
} from "ai-lib/testing";
import { chooseProviders } from "../client.js";
import { type Io, isTerminal, selectColors } from "../io.js";
import { parseNames, parseWholeNumber } from "../option-values.js";
import { readSetup, type Setup } from "../setup.js";

/** Options of `ai-lib conformance`. */
export interface ConformanceCommandOptions {
  readonly model?: string;
  readonly json?: boolean;
  /** Names of capabilities, comma-separated. */
  readonly can?: string;
  /** Names of groups, comma-separated. */
  readonly only?: string;
  readonly wrongKey?: boolean;
  /** Tokens, as text. */
  readonly tooLong?: string;
}

/**
 * Tests whether a live endpoint follows the provider contract. Capabilities that it does not declare are tested too;
 * the report lists those that work.
 * @throws {AiLibError} `INVALID_RESPONSE` if a case fails, so that the exit code is not 0.
 */
export async function checkConformance(io: Io, options: ConformanceCommandOptions): Promise<void> {
  const setup = await readSetup(io);
  const [provider] = await chooseProviders(io, options.model === undefined ? {} : { model: [options.model] });
  const tooLongTokens =
    options.tooLong === undefined ? undefined : parseWholeNumber("--too-long", options.tooLong, 1);
  const wrongKey = options.wrongKey === true ? createWithWrongKey(setup, provider) : undefined;
  const declared = options.can === undefined ? capabilitiesOf(provider) : parseCapabilities(options.can);
  const capabilities: Capabilities = {
    ...declared,
    ...(wrongKey === undefined ? {} : { wrongKey: true }),
    ...(tooLongTokens === undefined ? {} : { tooLong: true }),
  };
  const groups =
    options.only === undefined ? undefined : parseNames("group", options.only, CONFORMANCE_GROUPS);
  const showsProgress = options.json !== true && isTerminal(io.stderr);
  const color = selectColors(io, io.stderr);
  const report = await runConformance(
    provider,
    { capabilities, wrongKey, tooLongTokens, groups },
    ({ group, name, status }) => {
      // A run against a slow model takes minutes.
      if (showsProgress) io.stderr.write(`${color.dim(`${group}: ${name}: ${status}`)}\n`);
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

/** Creates a provider for the same endpoint with a key that cannot be valid. */
function createWithWrongKey({ environment, factory }: Setup, provider: ChatProvider): ChatProvider {
  const model = provider.target?.model;
  return factory.create(provider.name, {
    environment,
    apiKey: "sk-wrong-key-of-a-conformance-run",
    ...(model === undefined ? {} : { model }),
  });
}

function parseCapabilities(list: string): Capabilities {
  return Object.fromEntries(parseNames("capability", list, CAPABILITIES).map((name) => [name, true]));
}
