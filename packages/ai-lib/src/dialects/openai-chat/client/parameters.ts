import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { Json, MutableJson } from "../../../core/values/json.js";
import type { OmittableField } from "../shared/quirks.js";
import type { OpenAIChatContext } from "./context.js";

/** The parameters of sampling, which OpenAI's reasoning models refuse. */
const REFUSED: ReadonlySet<OmittableField> = new Set([
  "temperature",
  "topP",
  "presencePenalty",
  "frequencyPenalty",
  "logprobs",
  "logitBias",
] satisfies OmittableField[]);

/** The request fields that {@link ParameterEncoder.sampling} encodes, and fields that are not parameters. */
const SAMPLING: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "maxTokens",
  "temperature",
  "topP",
  "topK",
  "stop",
  "seed",
  "presencePenalty",
  "frequencyPenalty",
  "extensions",
] satisfies (keyof ChatRequest)[]);

/** Whether a request has only sampling parameters, as most requests do. */
export function hasSamplingAlone(request: ChatRequest): boolean {
  for (const field in request) if (!SAMPLING.has(field)) return false;
  return true;
}

/** Encodes the parameters of one request into its body. */
export class ParameterEncoder {
  /** The model reasons, and meanwhile accepts no sampling parameters. */
  private readonly reasons: boolean;

  constructor(
    readonly request: ChatRequest,
    readonly body: MutableJson,
    readonly context: OpenAIChatContext,
  ) {
    this.reasons = context.quirks.noSamplingWithReasoning === true && request.reasoning?.effort !== "none";
  }

  /** Adds a parameter if the endpoint accepts it. */
  put(field: OmittableField & keyof ChatRequest, name: string, value: Json | undefined): void {
    if (value === undefined) return;
    const { context } = this;
    if (context.quirks.omit?.includes(field) === true)
      context.unsupported(field, { reason: "this endpoint does not accept it" });
    else if (this.reasons && REFUSED.has(field))
      context.unsupported(field, { reason: "the model accepts no sampling parameters while it reasons" });
    else this.body[name] = value;
  }

  /** A number up to the bound of the endpoint. */
  bounded(field: "temperature" | "logprobs", value: number): number | undefined {
    const { omit, bounds } = this.context.quirks;
    return this.reasons || omit?.includes(field) === true
      ? value
      : this.context.atMost(field, value, bounds?.[field]);
  }

  /** Adds the parameters of sampling. */
  sampling(): void {
    const { request, context } = this;
    const { quirks } = context;
    this.put("maxTokens", quirks.maxTokensField ?? "max_tokens", request.maxTokens);
    if (request.temperature !== undefined)
      this.put("temperature", "temperature", this.bounded("temperature", request.temperature));
    this.put("topP", "top_p", request.topP);
    if (request.topK !== undefined) {
      if (quirks.topK === true) this.body["top_k"] = request.topK;
      else context.unsupported("topK");
    }
    if (request.stop !== undefined)
      this.put(
        "stop",
        "stop",
        quirks.omit?.includes("stop") === true ? request.stop : context.stops(quirks.bounds?.stops),
      );
    this.put("seed", quirks.seedField ?? "seed", request.seed);
    this.put("presencePenalty", "presence_penalty", request.presencePenalty);
    this.put("frequencyPenalty", "frequency_penalty", request.frequencyPenalty);
  }
}
