import type { ChatRequest, DialectId, JsonObject } from "ai-lib";
import type { AdmissionRequest } from "../admission.js";
import { routeNode } from "../config/member-nodes.js";
import type { GatewayConfig } from "../config/schema.js";
import { limitAnswer } from "../limits/limit-answer.js";
import type { Preview } from "../limits/preview.js";
import type { LiveState } from "../live/live-state.js";
import type { ModelTable } from "../model-table.js";
import { openPrices } from "../prices.js";
import { admissionOf } from "./admission-of.js";
import { type Explained, explainRoute } from "./explain.js";
import { decodeRequest } from "./read-request.js";

/** A call that is explained and not made. */
export interface CallQuestion {
  readonly table: ModelTable;
  /** The file, where there is one. */
  readonly config: GatewayConfig | undefined;
  /** Default: that of the request. */
  readonly model: string | undefined;
  readonly dialect: DialectId;
  /** The body of a chat request. */
  readonly body: JsonObject | undefined;
  /** The state of the routes; undefined where no gateway runs. */
  readonly live?: LiveState | undefined;
  /** Asks what the admission of the call would do. Default: it is not limited. */
  readonly preview?: ((call: AdmissionRequest) => Promise<Preview | undefined>) | undefined;
}

/** What a call would do. */
export interface ExplainedCall {
  readonly model: string | undefined;
  /** Where the model leads. */
  readonly route: string;
  /** The route that answers in place of it, since a limit is exhausted. */
  readonly divertedTo?: string | undefined;
  readonly dialect: DialectId;
  /** The limit of the answer that the gateway sends on, where it sets one. */
  readonly maxTokens?: number | undefined;
  /** Whether circuits and cooldowns are known. */
  readonly live: boolean;
  /** Of the route that answers. */
  readonly explained: Explained;
}

/** An explanation, with what the admission of the call would do. */
export interface PreviewedCall {
  readonly answer: ExplainedCall;
  readonly preview: Preview | undefined;
}

/**
 * Explains what a call would do: its route, the members in order with reasons, tokens, price and losses.
 * @throws {AiLibError} `MODEL_NOT_FOUND` for a model that leads nowhere, and the errors of the dialect for another body.
 */
export async function explainCall({
  table,
  config,
  dialect,
  body,
  live,
  preview: ask,
  ...given
}: CallQuestion): Promise<PreviewedCall> {
  const request = body === undefined ? undefined : await decodeRequest(JSON.stringify(body), dialect);
  const { model = request?.model } = given;
  const asked = table.choose(model, dialect);
  const preview =
    body === undefined || request === undefined
      ? undefined
      : await ask?.(admissionOf(body, { ...request, model }, asked));
  const { route: divertedTo, maxTokens } = preview ?? {};
  const choice = divertedTo === undefined ? asked : table.choose(divertedTo, dialect);
  const sent = limited(request, maxTokens);
  const explained = await explainRoute({
    ...{ choice, dialect, live },
    ...{ config, node: routeNode(config, choice.route) },
    request: sent,
    prices: await openPrices(),
    attemptRefusal: preview?.attemptRefusal,
  });
  return {
    answer: {
      ...{ model, route: asked.route, dialect },
      ...(divertedTo !== undefined && { divertedTo }),
      ...(sent?.maxTokens !== request?.maxTokens && { maxTokens: sent?.maxTokens }),
      live: live !== undefined,
      explained,
    },
    preview,
  };
}

function limited(request: ChatRequest | undefined, maxTokens: number | undefined): ChatRequest | undefined {
  if (request === undefined || maxTokens === undefined) return request;
  const sent = { ...request };
  limitAnswer(sent, maxTokens);
  return sent;
}
