// The features that are checked for each client over each upstream. A feature returns undefined, or the reason for its
// failure.
import { SIGNATURE } from "./world.mjs";

export const CITY = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
export const ANSWER = {
  type: "object",
  properties: { city: { type: "string" }, people: { type: "integer" } },
  required: ["city", "people"],
  additionalProperties: false,
};
/** One red pixel. */
export const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFAAH/q842iQAAAABJRU5ErkJggg==";

const tools = () => [
  {
    name: "weather",
    description: "The weather in a city",
    parameters: CITY,
    run: ({ city }) => `22 degrees in ${city}`,
  },
  {
    name: "population",
    description: "People in a city",
    parameters: CITY,
    run: ({ city }) => `3 million in ${city}`,
  },
];

function same(what, got, wanted) {
  return got === wanted ? undefined : `${what} is ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`;
}

function lastRequest({ sim, endpoint }) {
  return sim.at(endpoint).at(-1);
}

function usageOf({ usage }, context) {
  const sent = lastRequest(context)?.usage;
  if (usage === undefined) return "no usage";
  return same("input", usage.input, sent.inputTokens) ?? same("output", usage.output, sent.outputTokens);
}

async function looped(context, prompt, stream, wanted) {
  const { text } = await context.client.loop({ prompt, tools: tools(), stream });
  for (const part of wanted) if (!text.includes(part)) return `the last text is ${JSON.stringify(text)}`;
  const attempts = context.sim.at(context.endpoint);
  return attempts.length < 2 ? "no second turn" : undefined;
}

/** Whether the opaque state of a call was sent back in the second turn. */
function stateBack({ sim, endpoint }) {
  const history = JSON.stringify(sim.at(endpoint).at(-1).http.body);
  return history.includes(SIGNATURE) ? undefined : "the signature was not sent back";
}

async function fails(context, fault, stream, partial = false) {
  context.sim.script(context.endpoint, [fault]);
  let text = "";
  try {
    ({ text } = await context.client.ask({ prompt: "Hello there, how are you today, my friend?", stream }));
  } catch {
    return undefined;
  }
  return partial && text === "" ? "an empty success" : `a success with ${JSON.stringify(text)}`;
}

const TEXT = "You said: Hello 👋";

export const FEATURES = {
  async unary(context) {
    return same("the text", (await context.client.ask({ prompt: "Hello 👋" })).text, TEXT);
  },
  async stream(context) {
    return same("the text", (await context.client.ask({ prompt: "Hello 👋", stream: true })).text, TEXT);
  },
  async usage(context) {
    const whole = usageOf(await context.client.ask({ prompt: "Hello 👋" }), context);
    if (whole !== undefined) return `whole: ${whole}`;
    const streamed = usageOf(await context.client.ask({ prompt: "Hello 👋", stream: true }), context);
    return streamed === undefined ? undefined : `stream: ${streamed}`;
  },
  async "tool loop"(context) {
    return (
      (await looped(context, "CALL the tool", false, ["22 degrees in Rome"])) ??
      (await looped(context, "CALL the tool again", true, ["22 degrees in Rome"]))
    );
  },
  async "parallel tools"(context) {
    const wanted = ["22 degrees in Rome", "3 million in Rome"];
    return (
      (await looped(context, "CALL-BOTH of them", false, wanted)) ??
      (await looped(context, "CALL-BOTH of them again", true, wanted))
    );
  },
  async "opaque state"(context) {
    if (!context.endpoint.startsWith("gemini")) return null;
    for (const stream of [false, true]) {
      const wrong = await looped(context, `CALL it ${stream}`, stream, ["22 degrees"]);
      const state = wrong ?? stateBack(context);
      if (state !== undefined) return `${stream ? "stream" : "whole"}: ${state}`;
    }
    return undefined;
  },
  async "structured output"(context) {
    const { object } = await context.client.ask({ prompt: "Fill it in", schema: ANSWER });
    if (typeof object?.city !== "string" || typeof object?.people !== "number")
      return `got ${JSON.stringify(object)}`;
    const sent = lastRequest(context).request;
    const asked = sent.responseFormat?.type === "json-schema" || (sent.tools?.length ?? 0) > 0;
    return asked ? undefined : "the schema did not arrive";
  },
  async pictures(context) {
    const { text } = await context.client.ask({ prompt: "Look", image: PIXEL });
    const image = JSON.stringify(lastRequest(context).request.messages);
    if (!image.includes(PIXEL)) return "the picture did not arrive";
    return text.includes("(with image)") ? undefined : `the text is ${text}`;
  },
  async reasoning(context) {
    for (const stream of [false, true]) {
      const { text, reasoning } = await context.client.ask({ prompt: "THINK hard", reasoning: true, stream });
      const wrong =
        same("the text", text, "Done thinking.") ?? same("the reasoning", reasoning, "Let me think.");
      if (wrong !== undefined) return `${stream ? "stream" : "whole"}: ${wrong}`;
    }
    return undefined;
  },
  async citations(context) {
    for (const stream of [false, true]) {
      const { text, sources = [] } = await context.client.ask({ prompt: "CITE something", stream });
      const wrong =
        same("the text", text, "Paris is the capital.") ??
        same("the source", sources[0], "https://example.com/paris");
      if (wrong !== undefined) return `${stream ? "stream" : "whole"}: ${wrong}`;
    }
    return undefined;
  },
  async refusals(context) {
    for (const stream of [false, true]) {
      const { refused, text } = await context.client.ask({ prompt: "REFUSE this", stream });
      if (refused !== true)
        return `${stream ? "stream" : "whole"}: not reported, text ${JSON.stringify(text)}`;
    }
    return undefined;
  },
  faults: async (context) => {
    const rate = { error: { code: "RATE_LIMIT", message: "Slow down" } };
    const cases = {
      "rate limit": [rate, false],
      "rate limit in a stream": [rate, true],
      "server error": [{ error: { code: "PROVIDER_ERROR", message: "Oops" } }, false],
      "too long": [{ error: { code: "CONTEXT_TOO_LONG", message: "Too long" } }, false],
      reset: [{ reset: "head" }, false],
      cut: [{ cut: 3 }, true],
      "error in the stream": [{ inBand: { after: 3, error: { code: "OVERLOADED", message: "Busy" } } }, true],
    };
    for (const [name, [fault, stream]] of Object.entries(cases)) {
      const wrong = await fails(context, fault, stream);
      if (wrong !== undefined) return `${name}: ${wrong}`;
    }
    return undefined;
  },
  async abort(context) {
    const { sim, endpoint, client } = context;
    sim.script(endpoint, [{ frameDelayMs: 30 }]);
    const controller = new AbortController();
    const prompt = `Say this at length: ${"word ".repeat(400)}`;
    const ended = client
      .ask({ prompt, stream: true, signal: controller.signal, onText: () => controller.abort() })
      .then(
        () => "ended",
        () => "failed",
      );
    await ended;
    for (let i = 0; i < 100; i++) {
      const attempt = sim.at(endpoint).at(-1);
      if (attempt.outcome === "left") return undefined;
      if (attempt.outcome !== "running") return `the upstream continued: ${attempt.outcome}`;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return "the upstream still runs";
  },
};
