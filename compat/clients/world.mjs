// A server that relays every dialect to simulated vendors: a relay, or a gateway for each upstream and client.
import { createServer } from "node:http";
import { provider } from "ai-lib";
import { conversations, relay, serve, serverHalves } from "ai-lib/serve";
import { simulatedAnswer, startSimulator } from "ai-lib/testing";
import { startGateway } from "../gateway.mjs";

/** The vendors that the relay asks, by dialect. */
const VENDORS = {
  "openai-chat": { id: "openai", model: "gpt-5.2", path: "/v1" },
  "openai-responses": { id: "openai-responses", model: "gpt-5.2", path: "/v1" },
  "anthropic-messages": { id: "anthropic", model: "claude-opus-4-6", path: "" },
  gemini: { id: "google", model: "gemini-3-pro-preview", path: "/v1beta" },
};

/** Three upstreams of dialects other than the client's. */
export function upstreamsFor(dialect) {
  return UPSTREAMS.filter((one) => one !== dialect).slice(0, 3);
}
const UPSTREAMS = ["anthropic-messages", "gemini", "openai-chat", "openai-responses"];

/** State of a vendor that must be sent back with the call in a tool loop, as Gemini 3 requires. */
export const SIGNATURE = "c2lnbmF0dXJl";

function callState(endpoint) {
  return endpoint.startsWith("gemini")
    ? { origin: { family: "google", provider: "google", data: { thoughtSignature: SIGNATURE } } }
    : {};
}

/** Answers depend on a word of the request. */
function answer(request, endpoint) {
  const last = request.messages.at(-1);
  const users = request.messages.filter(({ role }) => role === "user");
  const said = JSON.stringify(users);
  const tools = (request.tools ?? []).filter(({ type }) => type === "function");
  if (last?.role !== "tool" && tools.length > 0 && /CALL/.test(said)) {
    const wanted = tools.filter(({ name }) => ["weather", "population"].includes(name));
    const called = (/CALL-BOTH/.test(said) ? wanted : wanted.slice(0, 1)).map((tool, i) => ({
      type: "tool-call",
      id: `call_${i}abcdefgh`.slice(0, 9),
      name: tool.name,
      arguments: { city: "Rome" },
      ...(i === 0 ? callState(endpoint) : {}),
    }));
    if (called.length > 0) return { content: called, finishReason: "tool-calls" };
  }
  // Structured output through a tool.
  if (tools.length > 0 && request.toolChoice !== undefined && request.toolChoice !== "auto")
    return simulatedAnswer(request);
  if (/REFUSE/.test(said))
    return {
      content: [{ type: "refusal", text: "I cannot help with that." }],
      finishReason: "content-filter",
    };
  if (/CITE/.test(said)) {
    const source = { type: "source", url: "https://example.com/paris", title: "Paris", cites: { index: 0 } };
    return { content: [{ type: "text", text: "Paris is the capital." }, source] };
  }
  const thinking = request.reasoning !== undefined && request.reasoning.effort !== "none";
  if (thinking && /THINK/.test(said))
    return {
      content: [
        { type: "reasoning", text: "Let me think.", ...thoughtState(endpoint) },
        { type: "text", text: "Done thinking." },
      ],
    };
  return simulatedAnswer({ ...request, tools: [], reasoning: undefined });
}

function thoughtState(endpoint) {
  return endpoint.startsWith("anthropic")
    ? { origin: { family: "anthropic", provider: "anthropic", data: { signature: SIGNATURE } } }
    : {};
}

/** The gateway as the relay: `base` starts one whose only route is the upstream. */
function gatewayBases(parts, upstream, failures) {
  const started = [];
  return {
    async base(endpoint, dialect) {
      const gateway = await startGateway(parts, {
        provider: upstream(endpoint),
        model: VENDORS[endpoint.replace(/--.*$/, "")].model,
        settings: { maxAttempts: 1 },
        onError: (error) => failures.push(error),
        ...(dialect === undefined ? {} : { dialects: [dialect] }),
      });
      started.push(gateway);
      return gateway.url;
    },
    close: () => Promise.all(started.map((gateway) => gateway.cut())),
  };
}

/**
 * Starts a server and the vendors that it asks.
 * @param gateway the parts of the gateway, which then is the server. Default: a relay.
 */
export async function startWorld({ gateway } = {}) {
  const sim = await startSimulator({ answer });
  const halves = await serverHalves();
  const providers = new Map();
  const upstream = (endpoint) => {
    let found = providers.get(endpoint);
    if (found === undefined) {
      const dialect = endpoint.replace(/--.*$/, "");
      const { id, path } = VENDORS[dialect];
      found = provider(id, { apiKey: "k", baseUrl: `${sim.baseUrl(endpoint)}${path}` });
      providers.set(endpoint, found);
    }
    return found;
  };
  const failures = [];
  const server = createServer(
    serve({
      halves,
      conversations: conversations(),
      route({ path }) {
        const [, endpoint, dialect, rest] = /^\/@([^/]+)(?:\/~([a-z-]+))?(\/.*)$/.exec(path) ?? [];
        if (endpoint === undefined) return { path };
        return { path: rest, half: halves.find(({ id }) => id === dialect), endpoint };
      },
      models: () => [{ id: "m", provider: "house" }],
      onError: (error) => failures.push(error),
      handle(call) {
        const { model } = VENDORS[call.endpoint.replace(/--.*$/, "")];
        relay({ ...call, request: { ...call.request, model } }, upstream(call.endpoint), { maxAttempts: 1 });
      },
    }),
  );
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const gateways = gateway === undefined ? undefined : gatewayBases(gateway, upstream, failures);
  return {
    sim,
    failures,
    /** The base URL of an upstream for a client of a dialect. */
    base: async (endpoint, dialect) =>
      gateways?.base(endpoint, dialect) ??
      `${url}/@${endpoint}${dialect === undefined ? "" : `/~${dialect}`}`,
    async close() {
      await gateways?.close();
      server.closeAllConnections();
      return Promise.all([sim.close(), new Promise((resolve) => server.close(resolve))]);
    },
  };
}
