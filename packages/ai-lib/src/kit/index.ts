/** For strategies, wrappers, providers and servers of your own: the parts that the built-in ones are made of. */
export {
  type Call,
  type CallContext,
  type CallOf,
  type CallOptions,
  callOf,
  callWith,
  contextOf,
} from "../core/contract/call.js";
export {
  estimate,
  factsFor,
  isContent,
  isSameRequest,
  modelOf,
  requirements,
  withModel,
} from "../core/contract/call-facts.js";
export { isProvider, requireProvider } from "../core/contract/require-provider.js";
export { type Flow, failLater, type Sink } from "../core/contract/sink.js";
export { refuseUnknown } from "../core/errors/options.js";
export type {
  Accumulator,
  KindLaws,
  ReplyFrame,
  RequestTarget,
  Requirements,
  TokenEstimate,
} from "../core/kinds/laws.js";
export { TEXT_ONLY } from "../core/kinds/requirements.js";
export { CallInterceptor, type Outcome } from "../core/recovery/interceptor.js";
export type { CallListener } from "../core/recovery/observed-provider.js";
export { replay } from "../core/recovery/replay.js";
export { Composition, OpenProvider, Wrapper } from "../core/run/compose.js";
export { openMember, priceFor, targetOf } from "../core/run/member.js";
export type { AnswerFacts, Warning } from "../core/values/answer.js";
export type * from "../core/values/kinds.js";
export { chatLaws } from "./chat-laws.js";
export {
  defineStrategy,
  type StrategyDefinition,
  type StrategyMaker,
  type StrategyMember,
  type StrategyRules,
} from "./define-strategy.js";
