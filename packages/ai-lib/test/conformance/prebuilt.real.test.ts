import { afterAll, beforeAll, describe, it } from "vitest";
import type { DialectId } from "../../src/core/contract/dialect.js";
import { CATALOG } from "../../src/providers/catalog.generated.js";
import type { ProviderData } from "../../src/providers/endpoint/data.js";
import { defineProvider } from "../../src/providers/endpoint/define.js";
import { DIALECT_IDS } from "../../src/providers/endpoint/dialect-ids.js";
import { authOf } from "../../src/providers/endpoint/key.js";
import type { ProviderOptions } from "../../src/providers/endpoint/provider.js";
import { serverHalves } from "../../src/serve/halves.js";
import {
  CAPABILITIES,
  type Capabilities,
  CONFORMANCE_GROUPS,
  capabilitiesOf,
  conformance,
  conformingAnswer,
  KIND_SAMPLES,
  type KindSample,
  runConformance,
} from "../../src/testing/conformance/index.js";
import { type Simulator, startSimulator } from "../../src/testing/simulator.js";
import { simulatedEndpoint } from "../support/simulated-endpoint.js";

const EVERYTHING: Capabilities = Object.fromEntries(CAPABILITIES.map((name) => [name, true]));
/** Converse has no word for thinking: it asks in the words of whoever made the model. */
const MODELS: Partial<Record<DialectId, string>> = { "bedrock-converse": "us.anthropic.claude-sonnet-4-6" };
/** Far more than it takes, since the machine may be busy. */
const PROMPT_MS = 5_000;
const TEST_MS = 120_000;
const MANY_TOKENS = 50_000;

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({
    // Some models always think, and their endpoints have no field that asks for it.
    answer: (request, endpoint) =>
      conformingAnswer(
        endpoint === "thinking" ? { ...request, reasoning: request.reasoning ?? { effort: "low" } } : request,
      ),
  });
  simulator.always("locked", { error: { code: "AUTH_FAILED", message: "That key is wrong" } });
});
afterAll(() => simulator.close());

describe.concurrent.each(DIALECT_IDS)("an endpoint that speaks %s", (dialect: DialectId) => {
  const at = (endpoint: string) =>
    defineProvider(
      {
        id: "labs",
        dialect,
        baseUrl: simulator.baseUrl(endpoint, dialect),
        model: MODELS[dialect] ?? "simulated",
      },
      { apiKey: "k" },
    );
  it("can do all that can be declared", { timeout: TEST_MS }, async ({ expect }) => {
    const cases = conformance(at("open"), {
      capabilities: EVERYTHING,
      wrongKey: at("locked"),
      tooLongTokens: MANY_TOKENS,
      promptMs: PROMPT_MS,
    });
    expect(cases.every(({ declared }) => declared)).toBe(true);
    for (const { group, name, run } of cases)
      await run().catch((error: unknown) => expect.soft(error, `${group}: ${name}`).toBeUndefined());
  });
});

/** The samples of every kind, with a model for providers that have no default. */
const SAMPLES = KIND_SAMPLES.map(
  (sample) => ({ ...sample, request: { ...sample.request, model: "mine" } }) as KindSample,
);

const prebuilt = Object.values<ProviderData>(CATALOG);

describe.concurrent.each(prebuilt)("$id", (data) => {
  const variables = Object.fromEntries(
    Object.entries(data.variables ?? {}).map(([name, { address }]) => [
      name,
      address === undefined ? "mine" : `${address.scheme}://mine.example`,
    ]),
  );
  const make = (endpoint: string): ReturnType<typeof defineProvider> => {
    const options: ProviderOptions = {
      transport: simulatedEndpoint(simulator, endpoint, data.dialect),
      environment: {},
      variables,
      model: data.model ?? "mine",
      ...(authOf(data).style === "none" ? {} : { apiKey: "k" }),
    };
    return defineProvider(data, options);
  };
  it("does what its facts declare", { timeout: TEST_MS }, async ({ expect }) => {
    const provider = make(data.models?.[data.model ?? ""]?.reasoning === true ? "thinking" : "open");
    // The simulator serves what the server half of the dialect does, and not the APIs of single kinds.
    const [half] = await serverHalves([data.dialect]);
    const served = Object.entries(data.kinds ?? {}).every(
      ([kind, { api }]) => api === undefined && Object.hasOwn(half?.kinds ?? {}, kind),
    );
    const report = await runConformance(provider, {
      kinds: SAMPLES,
      groups: CONFORMANCE_GROUPS.filter((group) => served || group !== "kinds"),
      capabilities: { ...capabilitiesOf(provider), unknownModel: true, wrongKey: true, tooLong: true },
      wrongKey: make("locked"),
      tooLongTokens: MANY_TOKENS,
      promptMs: PROMPT_MS,
    });
    expect(report.cases.filter(({ status }) => status === "failed")).toEqual([]);
    expect(report.conforms).toBe(true);
  });
});
