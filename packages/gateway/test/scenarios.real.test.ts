import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DialectId } from "ai-lib";
import { type Simulator, startSimulator } from "ai-lib/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCENARIOS, type Scenario } from "../../ai-lib/test/scenarios/scenarios.js";
import { SDKS } from "../../ai-lib/test/support/sdks.js";
import { Command } from "./support/command.js";

const PROMPT = "Tell it whole, wörld 👋: ".repeat(12);
const ANSWER = `You said: ${PROMPT}`;

/** A second in place of the minutes that a silent member may take: a file sets it. */
const PATIENCE_MS = 1_000;

const DIALECTS: Readonly<Record<keyof typeof SDKS, DialectId>> = {
  "openai (chat)": "openai-chat",
  "openai (responses)": "openai-responses",
  "@anthropic-ai/sdk": "anthropic-messages",
  "@google/genai": "gemini",
  "@aws-sdk/client-bedrock-runtime": "bedrock-converse",
  "@mistralai/mistralai": "mistral-chat",
  "cohere-ai": "cohere-chat",
  ollama: "ollama-chat",
};

/** What a file, or a client of another dialect, cannot express: windows of models, restarts, prefills, long waits. */
function isForFiles({ request, options, always = {}, repeatedAfterMs, what }: Scenario): boolean {
  const slow = Object.values(always).some(
    ({ firstFrameDelayMs, headDelayMs }) => (firstFrameDelayMs ?? headDelayMs) !== undefined,
  );
  const windows = Object.values(always).some(({ error }) => error?.code === "CONTEXT_TOO_LONG");
  const everywhere = what === "silence everywhere";
  return (
    !slow &&
    !windows &&
    !everywhere &&
    request === undefined &&
    repeatedAfterMs === undefined &&
    options?.midStream !== "restart"
  );
}

const scenarios = SCENARIOS.filter(isForFiles);

let folder: string;
let simulator: Simulator;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gateway-scenarios-"));
  simulator = await startSimulator();
  // What is loaded with the first call is loaded before patience counts.
  for (const sdk of Object.keys(SDKS) as (keyof typeof SDKS)[])
    await play(sdk, "stream", {
      what: "a start",
      unary: { asked: [0] },
      stream: { asked: [0] },
      warned: true,
    }).catch(() => undefined);
}, 60_000);
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

/** Starts a gateway whose file has the chain of the scenarios, the first member in the client's own dialect. */
async function start(dialect: DialectId, name: string, { failoverOn, options }: Scenario): Promise<Command> {
  const others = (["openai-chat", "anthropic-messages", "gemini"] as const).filter((one) => one !== dialect);
  const members = [dialect, ...others].slice(0, 3);
  const file = join(folder, `${name}.json`);
  const config = {
    listen: { port: 0 },
    ...{ open: true, store: "none", dialects: [dialect], default: "chat" },
    providers: Object.fromEntries(
      members.map((spoken, index) => [
        `p${index}`,
        { dialect: spoken, baseUrl: simulator.baseUrl(`${name}-p${index}`, spoken), model: `m${index}` },
      ]),
    ),
    routes: {
      chat: {
        use: {
          failover: members.map((_, index) => ({ retry: { circuitBreaker: `p${index}` } })),
          ...(failoverOn !== undefined && { options: { failoverOn } }),
        },
        timeouts: {
          ...{ headMs: PATIENCE_MS, firstContentMs: PATIENCE_MS, answerMs: PATIENCE_MS },
          ...{ idleMs: PATIENCE_MS, stallMs: PATIENCE_MS },
        },
        ...(options?.midStream !== undefined && { midStream: options.midStream }),
      },
    },
  };
  await writeFile(file, JSON.stringify(config));
  return new Command(["--config", file, "--no-watch"]);
}

/** Plays one scenario for a client of a dialect. */
async function play(sdkName: keyof typeof SDKS, mode: "unary" | "stream", scenario: Scenario): Promise<void> {
  const name = `s${++count}`;
  const { script = {}, always = {} } = scenario;
  for (const [i, faults] of Object.entries(script)) simulator.script(`${name}-p${i}`, faults);
  for (const [i, standing] of Object.entries(always)) simulator.always(`${name}-p${i}`, standing);
  const gateway = await start(DIALECTS[sdkName], name, scenario);
  try {
    const url = await gateway.url();
    const sdk = SDKS[sdkName]({ base: () => url });
    let text = "";
    const asking = async () => {
      if (mode === "unary") text = (await sdk.chat(PROMPT)).text;
      else for await (const piece of sdk.stream(PROMPT)) text += piece;
    };
    const { asked, code } = scenario[mode];
    // The bytes of a member that answers in the client's dialect pass as they are: the client judges a frame that is none.
    const judged = scenario.warned === true && mode === "stream" && (await raises(asking));
    if (judged || code !== undefined) {
      // The vendor's own client raises: nothing that is cut looks whole.
      if (!judged) await expect(asking()).rejects.toThrow();
      expect(ANSWER.startsWith(text)).toBe(true);
    } else {
      if (scenario.warned !== true || mode === "unary") await asking();
      expect(text).toBe(ANSWER);
    }
    const places = simulator.attempts.map(({ endpoint }) => endpoint);
    const expected = asked.map((i) => `${name}-p${i}`);
    expect(places.filter((place) => place.startsWith(`${name}-`))).toEqual(expected);
  } finally {
    gateway.stop();
    await gateway.code;
  }
}

function raises(run: () => Promise<void>): Promise<boolean> {
  return run().then(
    () => false,
    () => true,
  );
}

const cases = scenarios.map((scenario) => [scenario.what, scenario] as const);

describe.each(Object.keys(SDKS) as (keyof typeof SDKS)[])("%s asks a gateway whose chain meets", (sdk) => {
  describe.each(["unary", "stream"] as const)("%s", (mode) => {
    it.concurrent.each(cases)("%s", (_what, scenario) => play(sdk, mode, scenario));
  });
});
