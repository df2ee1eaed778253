import { type ChatRequest, type JsonObject, ProviderFactory, type Usage } from "ai-lib";
import { chatLaws } from "ai-lib/kit";
import { type ServerHalf, serverHalves } from "ai-lib/serve";
import { expect, it } from "vitest";
import { dialectClient } from "../../ai-lib/src/providers/endpoint/dialects.js";
import { APIS, allRecordings } from "../../ai-lib/test/support/recorded-requests.js";
import { type Recording, replayHalf } from "../../ai-lib/test/support/recordings.js";
import { type CallBound, mostOutput } from "../src/limits/call-bound.js";
import { namesOtherModels } from "../src/limits/other-models.js";
import { callBound } from "../src/limits/upper-bound.js";

/** Names of recordings whose vendor searched the web although the request has no tool. */
const SEARCHED = /web-search/;

/** Models that think beyond the limit of their answer: docs/gateway/limits.md has them. */
const BEYOND = /^grok-3-mini/;

interface Exchange {
  readonly request: ChatRequest;
  readonly fields: JsonObject | undefined;
  readonly bytes: number;
}

function read({ request: sent }: Recording, server: ServerHalf): Exchange | undefined {
  if (sent === null) return undefined;
  const body = JSON.stringify(sent.body);
  const path = sent.url.replace(/^https?:\/\/[^/]*|[?#].*$/g, "");
  try {
    const { request, body: fields } = server.decode({ method: "POST", path, headers: sent.headers, body });
    return { request, fields, bytes: Buffer.byteLength(body) };
  } catch {
    return undefined;
  }
}

/** What a limit reserves for an exchange. */
function reserved({ request, fields, bytes }: Exchange, { provider, model }: Recording, dialect: string) {
  const known = ProviderFactory.ids().includes(provider);
  const { priceId } = known ? ProviderFactory.data(provider) : { priceId: undefined };
  const endpoint = { data: { id: provider, dialect, priceId }, target: { provider, model } };
  const bound: CallBound = callBound({
    kind: "chat",
    ...{ request, fields, bodyBytes: bytes, estimate: chatLaws.estimate(request) },
    choice: { provider: endpoint, model: model ?? undefined } as never,
  });
  const output = bound.output === undefined ? Number.POSITIVE_INFINITY : mostOutput(bound.output, bound.more);
  return { input: bound.input * (bound.passes ?? 1), output };
}

/** Whether a request shows all that its vendor reads: no text was left out of the recording, and no tool of a vendor runs. */
function showsAll({ id, request: sent }: Recording, { request, fields }: Exchange): boolean {
  const own = (request.tools ?? []).every(({ type }) => type === "function");
  return sent?.elided === undefined && own && !SEARCHED.test(id) && !namesOtherModels(fields);
}

it("no recorded call used more than a limit reserves for it", async () => {
  const servers = new Map((await serverHalves()).map((half) => [half.id, half]));
  const beyond: object[] = [];
  let counted = 0;
  for (const recording of allRecordings()) {
    const dialect = APIS.get(recording.api);
    const server = dialect === undefined ? undefined : servers.get(dialect);
    const exchange = server === undefined ? undefined : read(recording, server);
    if (dialect === undefined || exchange === undefined || !showsAll(recording, exchange)) continue;
    const outcome = replayHalf(await dialectClient(dialect), recording);
    const used: Usage | undefined = "response" in outcome ? outcome.response.usage : undefined;
    if (used === undefined || BEYOND.test(recording.model ?? "")) continue;
    counted++;
    const most = reserved(exchange, recording, dialect);
    if (used.inputTokens > most.input || used.outputTokens > most.output)
      beyond.push({ id: recording.id, used: [used.inputTokens, used.outputTokens], most });
  }
  expect(beyond).toEqual([]);
  expect(counted).toBeGreaterThan(0);
});
