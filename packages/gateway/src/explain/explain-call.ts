import type { ChatRequest, DialectId } from "ai-lib";
import type { MemberNode } from "../config/member-schema.js";
import type { GatewayConfig } from "../config/schema.js";
import type { ModelTable } from "../model-table.js";
import { openPrices } from "../prices.js";
import { type Explained, explainRoute } from "./explain.js";

/** A call that is explained and not made. */
export interface CallQuestion {
  readonly table: ModelTable;
  /** The file, where there is one. */
  readonly config: GatewayConfig | undefined;
  /** Default: that of the request. */
  readonly model: string | undefined;
  readonly dialect: DialectId;
  readonly request: ChatRequest | undefined;
}

/** What a call would do. */
export interface ExplainedCall {
  readonly model: string | undefined;
  readonly route: string;
  readonly dialect: DialectId;
  readonly explained: Explained;
}

/**
 * Explains what a call would do: its route, the members in order with reasons, tokens, price and losses.
 * @throws {AiLibError} `MODEL_NOT_FOUND` for a model that leads nowhere.
 */
export async function explainCall({
  table,
  config,
  dialect,
  request,
  model = request?.model,
}: CallQuestion): Promise<ExplainedCall> {
  const choice = table.choose(model, dialect);
  const route = config?.routes?.[choice.route];
  const node = (typeof route === "object" && route !== null && "use" in route ? route.use : route) as
    | MemberNode
    | undefined;
  const explained = await explainRoute({ choice, node, dialect, request, prices: await openPrices() });
  return { model, route: choice.route, dialect, explained };
}
