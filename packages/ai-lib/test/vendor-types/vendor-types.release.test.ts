import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { runSimulated } from "../../../../examples/simulated.js";
import type { ClientHalf, DialectTarget, ServerHalf } from "../../src/core/contract/dialect.js";
import { AiLibError } from "../../src/core/errors/error.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import { isObject, type MutableJson } from "../../src/core/values/json.js";
import { ProviderFactory } from "../../src/providers/factory.js";
import type { SimulatedAttempt } from "../../src/testing/simulated-attempt.js";
import { loadDialects } from "../laws/lost-fields.js";
import { ANYWHERE, chatRequest } from "../support/arbitrary.js";
import { compileExamples, exampleNames } from "../support/compiled-examples.js";
import { allRecordings, requestOf } from "../support/recorded-requests.js";
import { faultOf, validatorOf } from "./schemas.js";
import { VENDORS, type Vendor } from "./vendors.js";

/** How many generated requests each vendor gets. */
const RUNS = 400;

let examples: readonly SimulatedAttempt[] = [];
beforeAll(async () => {
  examples = await askedByExamples();
}, 300_000);

const halves = new Map<string, { readonly client: ClientHalf; readonly server: ServerHalf }>();
beforeAll(async () => {
  for (const { client, server } of await loadDialects()) halves.set(client.id, { client, server });
});

function targetOf({ provider }: Vendor): DialectTarget {
  const data = ProviderFactory.data(provider);
  return { provider, model: data.model ?? "model", quirks: { ...data.quirks }, now: 0 };
}

/**
 * A request without what a caller writes in a vendor's own words: extensions, tools of a provider, and the tier. They go
 * to the vendor as they are.
 */
function plain(request: ChatRequest): ChatRequest {
  return cleaned({ ...request, model: undefined, serviceTier: undefined }) as ChatRequest;
}

function cleaned(value: unknown): unknown {
  if (Array.isArray(value))
    return value.filter((one) => !isObject(one) || one["type"] !== "provider").map(cleaned);
  if (!isObject(value)) return value;
  const out: MutableJson = {};
  for (const key of Object.keys(value))
    if (key !== "extensions" && value[key] !== undefined) out[key] = cleaned(value[key]) as MutableJson;
  return out;
}

/** What the examples ask for, as they sent it to a simulator. */
async function askedByExamples(): Promise<readonly SimulatedAttempt[]> {
  const { folder, remove } = await compileExamples();
  try {
    const sent: SimulatedAttempt[] = [];
    for (const name of exampleNames()) sent.push(...(await runSimulated(folder, name)).sent);
    return sent;
  } finally {
    await remove();
  }
}

/** The body of a request; undefined where it is refused before it leaves. */
function bodyOf(client: ClientHalf, request: ChatRequest, target: DialectTarget): unknown {
  try {
    const { http } = client.encode({ ...plain(request), model: target.model }, "unary", target);
    return JSON.parse(typeof http.body === "string" ? http.body : "null") as unknown;
  } catch (error) {
    if (AiLibError.is(error)) return undefined;
    throw error;
  }
}

describe.each(VENDORS.map((vendor) => [vendor.dialect, vendor] as const))(
  "requests of %s",
  (dialect, vendor) => {
    const faults = (requests: readonly ChatRequest[]) => {
      const client = halves.get(dialect)?.client;
      if (client === undefined) throw new Error(`There is no dialect ${dialect}`);
      const target = targetOf(vendor);
      const validate = validatorOf(vendor);
      const declared = validatorOf(vendor, false);
      /** One body for each kind of fault. */
      const wrong = new Map<string, string>();
      let sent = 0;
      let amended = 0;
      for (const request of requests) {
        const body = bodyOf(client, request, target);
        if (body === undefined) continue;
        sent++;
        const fault = faultOf(validate, body);
        if (fault === undefined && faultOf(declared, body) !== undefined) amended++;
        if (fault !== undefined) wrong.set(fault.replace(/\d+/g, "N"), JSON.stringify(body).slice(0, 2_000));
      }
      return { wrong: Object.fromEntries(wrong), sent, amended };
    };

    it("are what the vendor's own package declares, whatever is asked for", { timeout: 300_000 }, () => {
      const requests = fc.sample(chatRequest(ANYWHERE), { seed: 1, numRuns: RUNS });
      const { wrong, sent } = faults(requests);
      expect(sent).toBeGreaterThan(RUNS / 4);
      expect(wrong).toEqual({});
    });

    it("are what it declares for every recorded conversation", { timeout: 300_000 }, () => {
      const requests = allRecordings().flatMap((recording) => requestOf(recording, halves) ?? []);
      const { wrong, sent, amended } = faults(requests);
      if (requests.length > 0) expect(sent / requests.length).toBeGreaterThan(0.9);
      expect(wrong).toEqual({});
      // Few of them need a deviation.
      expect(amended / Math.max(1, sent)).toBeLessThan(0.01);
    });

    it("are what it declares for every example", { timeout: 300_000 }, () => {
      const { wrong, sent, amended } = faults(examples.map(({ request }) => request));
      expect(sent).toBeGreaterThan(30);
      expect(wrong).toEqual({});
      expect(amended).toBe(0);
      // As the example sent them to this vendor.
      const validate = validatorOf(vendor);
      for (const { endpoint, http } of examples)
        if (endpoint === vendor.provider)
          expect(faultOf(validate, JSON.parse(String(http.body)))).toBeUndefined();
    });
  },
);
