import { stat } from "node:fs/promises";
import { AiLibError, systemClock } from "ai-lib";
import { provider } from "ai-lib/providers";
import { type Io, measureWidth, selectColors } from "../io.js";
import { describeKey } from "../key-origin.js";
import { locateKeys, readKeys } from "../keys-file.js";
import { formatDuration } from "../report.js";
import { locateSettings, readSettings } from "../settings.js";
import { listConfigured, readSetup, type Setup } from "../setup.js";
import { formatTable } from "../table.js";
import { foreignText } from "../terminal.js";
import { readVersion } from "../version.js";

/** One thing that was looked at. */
interface Finding {
  readonly what: string;
  readonly state: "ok" | "note" | "problem";
  readonly detail: string;
}

const NO_PROVIDER: Finding = {
  what: "providers",
  state: "note",
  detail:
    "no provider has a key: store one with `ai-lib keys set groq`, or set a variable such as OPENAI_API_KEY",
};

/** Time for a provider to respond, in milliseconds. */
const CHECK_MS = 10_000;
/** Difference from a provider's clock from which signatures and certificates may fail, in milliseconds. */
const MAX_SKEW_MS = 120_000;
/** The oldest Node that is supported. */
const LEAST_NODE = [20, 19] as const;

/**
 * Looks at what calls need: versions, settings, keys, proxies, the clock, and each configured provider.
 * @throws {AiLibError} `CONFIG_ERROR` if there is a problem, so that the exit code is not 0.
 */
export async function diagnose(io: Io, options: { readonly json?: boolean }): Promise<void> {
  const findings: Finding[] = [...readVersions(), ...readProxies(io)];
  findings.push(
    await attempt("settings", () => checkSettings(io)),
    await attempt("keys", () => checkKeys(io)),
  );
  const setup = await readSetup(io).catch(() => undefined);
  if (setup !== undefined) {
    const configured = listConfigured(setup);
    if (configured.length === 0) findings.push(NO_PROVIDER);
    findings.push(await checkClock(io, setup));
    findings.push(...(await Promise.all(configured.map((id) => checkProvider(io, setup, id)))));
  }
  print(io, findings, options);
  const problems = findings.filter(({ state }) => state === "problem").length;
  if (problems > 0)
    throw new AiLibError({
      code: "CONFIG_ERROR",
      message: `${problems} ${problems === 1 ? "problem was" : "problems were"} found`,
      local: true,
    });
}

function print(io: Io, findings: readonly Finding[], { json }: { readonly json?: boolean }): void {
  if (json === true) {
    io.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
    return;
  }
  const color = selectColors(io, io.stdout);
  const paint = { ok: color.green, note: color.yellow, problem: color.red };
  const rows = findings.map(({ what, state, detail }) => [
    what,
    paint[state](state),
    foreignText(io.stdout, detail),
  ]);
  const columns = [{ heading: "what" }, { heading: "state" }, { heading: "detail" }];
  io.stdout.write(`${formatTable(columns, rows, measureWidth(io.stdout))}\n`);
}

function readVersions(): Finding[] {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [leastMajor, leastMinor] = LEAST_NODE;
  const old = major < leastMajor || (major === leastMajor && minor < leastMinor);
  return [
    {
      what: "Node",
      state: old ? "problem" : "ok",
      detail: old ? `${process.version}; ai-lib needs ${LEAST_NODE.join(".")} or later` : process.version,
    },
    { what: "ai-lib-cli", state: "ok", detail: readVersion() },
  ];
}

function readProxies({ environment }: Io): Finding[] {
  return ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => {
    const value = environment[name] ?? environment[name.toLowerCase()] ?? "";
    if (value === "") return [];
    // A proxy's address may hold a password.
    return [{ what: name, state: "note" as const, detail: value.replace(/\/\/[^@/]*@/, "//(hidden)@") }];
  });
}

async function attempt(what: string, check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    return { what, state: "problem", detail: (error as Error).message };
  }
}

async function checkSettings({ environment }: Io): Promise<Finding> {
  const { defaultModel, aliases = {} } = await readSettings(environment);
  const model = environment["DEFAULT_AI_MODEL"] ?? defaultModel ?? "none";
  return {
    what: "settings",
    state: "ok",
    detail: `${locateSettings(environment)}: default model ${model}, aliases: ${Object.keys(aliases).length}`,
  };
}

async function checkKeys({ environment }: Io): Promise<Finding> {
  const path = locateKeys(environment);
  const keys = await readKeys(path);
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  return {
    what: "keys",
    state: "ok",
    detail: exists ? `${path}: ${Object.keys(keys).join(", ")}` : `${path} does not exist yet`,
  };
}

/** Compares this machine's clock with the one of the first configured provider. */
async function checkClock({ signal }: Io, { factory, environment }: Setup): Promise<Finding> {
  const [id] = listConfigured({ factory, environment });
  const what = "clock";
  if (id === undefined) return { what, state: "note", detail: "not compared: no provider is configured" };
  try {
    const address = new URL(factory.describe(id, environment).baseUrl ?? "");
    const late = new AbortController();
    const cancel = systemClock.after(CHECK_MS, () => late.abort());
    const { headers } = await fetch(address.origin, {
      method: "HEAD",
      signal: AbortSignal.any([signal, late.signal]),
      redirect: "manual",
    }).finally(cancel);
    const theirs = Date.parse(headers.get("date") ?? "");
    if (Number.isNaN(theirs))
      return { what, state: "note", detail: `not compared: ${address.host} names no time` };
    const skew = Math.abs(systemClock.now() - theirs);
    const off = skew > MAX_SKEW_MS;
    return {
      what,
      state: off ? "problem" : "ok",
      detail: off
        ? `${formatDuration(skew)} off the clock of ${address.host}; set it`
        : `agrees with ${address.host}`,
    };
  } catch (error) {
    return { what, state: "note", detail: `not compared: ${(error as Error).message}` };
  }
}

async function checkProvider(io: Io, { environment, factory }: Setup, id: string): Promise<Finding> {
  const begun = systemClock.now();
  const { key } = factory.describe(id, environment);
  const origin = key.from === undefined ? "" : ` (${describeKey(io, key.from)})`;
  try {
    await provider(id, { environment }, factory).checkHealth({
      signal: io.signal,
      timeouts: { totalMs: CHECK_MS },
    });
    return {
      what: id,
      state: "ok",
      detail: `answers in ${formatDuration(systemClock.now() - begun)}${origin}`,
    };
  } catch (error) {
    const failure = AiLibError.from(error);
    const unknown = failure.code === "UNSUPPORTED_FEATURE";
    return {
      what: id,
      state: unknown ? "note" : "problem",
      detail: `${unknown ? "cannot be checked without tokens" : `${failure.code}: ${failure.message}`}${origin}`,
    };
  }
}
