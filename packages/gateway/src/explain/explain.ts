import type { ChatProvider, ChatRequest, DialectId, DialectProvider, PriceSource } from "ai-lib";
import { chatLaws, type TokenEstimate } from "ai-lib/kit";
import { type NamedMember, namedMembers, wordOf } from "../config/member-nodes.js";
import type { MemberNode } from "../config/member-schema.js";
import type { GatewayConfig } from "../config/schema.js";
import type { Preview } from "../limits/preview.js";
import type { LiveState, Obstacle } from "../live/live-state.js";
import type { Choice } from "../model-table.js";
import { lossesOf } from "./losses.js";

/** What is explained. */
export interface Question {
  readonly choice: Choice;
  /** The member in the file, if there is a file. */
  readonly node: MemberNode | undefined;
  /** The file, if there is one. */
  readonly config: GatewayConfig | undefined;
  readonly dialect: DialectId;
  readonly request: ChatRequest | undefined;
  readonly prices: PriceSource;
  /** The state of the routes; undefined where it is not known. */
  readonly live?: LiveState | undefined;
  /** See the preview's. Default: attempts are made. */
  readonly attemptRefusal?: Preview["attemptRefusal"] | undefined;
}

/** One member, and what would happen there. Strategies have members of their own. */
export interface Explained {
  readonly name: string;
  /** When this member is asked. */
  readonly reason: string;
  /** Why it would be skipped now. */
  readonly skipped?: string | undefined;
  /** Why a call would wait here now. */
  readonly waits?: string | undefined;
  readonly members?: readonly Explained[] | undefined;
  /** Of a provider. */
  readonly target?: ExplainedTarget | undefined;
}

/** What would happen at one provider. */
export interface ExplainedTarget {
  readonly provider: string;
  readonly model: string | undefined;
  readonly dialect: DialectId | undefined;
  /** Whether the client's bytes are passed on unchanged. */
  readonly bytes: boolean;
  /** A message for each field that the translation leaves out or changes. */
  readonly losses: readonly string[];
  readonly estimate: TokenEstimate | undefined;
  /** The limit of the answer, as it is sent; without one, the estimate of the answer is a guess. */
  readonly maxTokens?: number | undefined;
  /** US dollars, where the price of the model is known. */
  readonly dollars: number | undefined;
  /** Why no attempt would be made. */
  readonly refusal?: string | undefined;
}

/** The order in which members of a strategy are asked, by the strategy's word. */
const ORDERS: Readonly<Record<string, string>> = {
  failover: "asked in this order; after an error, the next one is asked if it can help",
  weighted: "in turns by weight",
  roundRobin: "in turns",
  leastLatency: "the one with the shortest time to first content, as measured since the start",
  leastBusy: "the one with the fewest running calls",
  cheapest: "the one with the lowest price for the call",
  hedged: "the first, and the next as well when it is slow",
  sticky: "one for each session",
  keys: "in turns, without those that cool down",
  mirror: "this one answers; another gets copies",
};

/** Explains what a call of a route would do, without making it. */
export function explainRoute(question: Question): Promise<Explained> {
  const { choice, node, live } = question;
  const { provider, model } = choice;
  return explain(
    { provider, node, model },
    "the provider of the route",
    live?.obstacle(provider, model),
    question,
  );
}

/** @param obstacle that of the member itself */
async function explain(
  member: NamedMember,
  reason: string,
  obstacle: Obstacle | undefined,
  question: Question,
): Promise<Explained> {
  const { provider, model } = member;
  const { name } = provider;
  const about = {
    name,
    reason,
    ...(obstacle !== undefined && { [obstacle.refuses ? "skipped" : "waits"]: obstacle.why }),
  };
  const members = namedMembers(member, question.config);
  if (members.length === 0) return { ...about, target: await atTarget(provider, model, question) };
  const word = wordOf(provider);
  const total = members.reduce((sum, { node }) => sum + weightOf(node), 0);
  const order = ORDERS[word] ?? `through ${word}`;
  const explained = members.map((one, index) => {
    const share =
      word === "weighted" && total > 0
        ? `, ${Math.round((100 * weightOf(one.node)) / total)} % of the calls`
        : "";
    const own =
      question.live?.memberObstacle(provider, index, one.model) ??
      question.live?.obstacle(one.provider, one.model);
    return explain(one, `${order}${share}`, own, question);
  });
  return { ...about, members: await Promise.all(explained) };
}

function weightOf(node: MemberNode | undefined): number {
  return typeof node === "object" ? (node.weight ?? 1) : 1;
}

async function atTarget(
  provider: ChatProvider,
  asked: string | undefined,
  { dialect, request, prices, choice, attemptRefusal }: Question,
): Promise<ExplainedTarget> {
  const { target, priceId } = provider;
  const leaf = isDialectProvider(provider) ? provider : undefined;
  const model = asked ?? target?.model;
  const id = target?.provider ?? provider.name;
  const estimate = request === undefined ? undefined : chatLaws.estimate(request);
  const price =
    model === undefined
      ? undefined
      : (provider.facts?.(model)?.price ?? prices.price(id, model, undefined, priceId));
  const own = leaf?.data;
  const bytes =
    choice.settings.bytes !== false &&
    own?.dialect === dialect &&
    (own.ownDialect === true || Object.keys(own.quirks ?? {}).length === 0);
  const losses =
    bytes || request === undefined || leaf === undefined || model === undefined
      ? []
      : await lossesOf(request, leaf, model);
  const asking = { ...target, provider: id, ...(model !== undefined && { model }) };
  const refusal = attemptRefusal?.(asking, () => provider.facts?.(model))?.message;
  return {
    provider: id,
    model,
    dialect: own?.dialect,
    bytes,
    losses,
    estimate,
    ...(request?.maxTokens !== undefined && { maxTokens: request.maxTokens }),
    ...(refusal !== undefined && { refusal }),
    dollars:
      estimate === undefined || price === undefined
        ? undefined
        : (estimate.inputTokens * price.input + estimate.outputTokens * price.output) / 1_000_000,
  };
}

function isDialectProvider(provider: ChatProvider): provider is DialectProvider {
  return "data" in provider;
}

/** The refusal of a call none of whose targets may be asked now. */
export function refusalOfAll({ name: own, skipped, target, members = [] }: Explained): string | undefined {
  if (skipped !== undefined) return `${own}: ${skipped}`;
  if (target !== undefined) return target.refusal;
  if (members.length === 0) return undefined;
  const refusals = members.map(refusalOfAll);
  return refusals.includes(undefined) ? undefined : refusals[0];
}
