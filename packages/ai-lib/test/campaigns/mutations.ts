/** A deliberate fault in the product: a text of the built code, once in its file, and what stands there instead. */
export interface Mutation {
  readonly what: string;
  readonly file: string;
  readonly anchor: string;
  readonly instead: string;
}

/** The faults that the fault simulation must find. */
export const mutations: readonly Mutation[] = [
  {
    what: "one attempt more than maxAttempts",
    file: "core/run/open-attempt.js",
    anchor: "if (budget.left <= 0) {",
    instead: "if (budget.left < 0) {",
  },
  {
    what: "attempts that nobody counts",
    file: "core/run/open-attempt.js",
    anchor: "budget.left--;",
    instead: ";",
  },
  {
    what: "a leaf asked again whatever it answered",
    file: "core/run/open-attempt.js",
    anchor: "if (refusal !== undefined) {",
    instead: "if (false) {",
  },
  {
    what: "an attempt after content was delivered",
    file: "core/recovery/sequence.js",
    anchor: 'if (committed && (midStream === "fail" || this.laws.recovery === undefined)) {',
    instead: "if (false) {",
  },
  {
    what: "repeats that nobody counts",
    file: "core/run/open-attempt.js",
    anchor: "budget.repeats--;",
    instead: ";",
  },
  {
    what: "a member that is never asked: a failure ends the call at the first",
    file: "strategies/failover-plan.js",
    anchor: "while (this.place < this.order.length) {",
    instead: "while (this.place < Math.min(2, this.order.length)) {",
  },
  {
    what: "a wait although another member was not asked",
    file: "resilience/retry.js",
    anchor: "call.alternatives?.untried(failure) === true) {",
    instead: "false) {",
  },
  {
    what: "a finished answer that is thrown away since its connection stays open",
    file: "providers/endpoint/reply-stream.js",
    anchor: "this.awaitEnding(finished);",
    instead: ";",
  },
  {
    what: "a stall that never ends",
    file: "core/run/attempt-timer.js",
    anchor: 'this.consider(this.lastProgress + timeouts.stallMs, "stall");',
    instead: ";",
  },
  {
    what: "a deadline that is not kept",
    file: "core/run/run.js",
    anchor: "this.cancelDeadline = this.limits.add(context.deadline, () => this.endLate(), this.startedAt);",
    instead: ";",
  },
  {
    what: "a lost release of a concurrency permit",
    file: "resilience/slots.js",
    anchor: "this.taken--;",
    instead: ";",
  },
  {
    what: "a lost release of a rate reservation",
    file: "resilience/rate-limit.js",
    anchor: "this.running--;",
    instead: ";",
  },
  {
    what: "a second probe of a half-open circuit",
    file: "resilience/circuit.js",
    anchor: "if (state.probing)",
    instead: "if (false)",
  },
  {
    what: "a load that is never taken off",
    file: "strategies/loads.js",
    anchor: "this.running[index] = (this.running[index] ?? 0) - 1;",
    instead: ";",
  },
  {
    what: "a swallowed truncation of chat completions",
    file: "dialects/openai-chat/client/stream.js",
    anchor: "if (this.ending.complete)",
    instead: "if (true)",
  },
  {
    what: "a swallowed truncation of Anthropic's messages",
    file: "dialects/anthropic-messages/client/stream.js",
    anchor: 'this.fail(truncated(this.target, "message_stop"));',
    instead: 'this.out.finish({ finishReason: "stop" });',
  },
  {
    what: "a swallowed truncation of Gemini's streams",
    file: "dialects/gemini/client/stream.js",
    anchor: "if (finish === undefined || this.finished === undefined)",
    instead: 'if (finish === undefined) this.conclude("stop", "STOP");\n        else if (false)',
  },
  {
    what: "a connection left open after an abort",
    file: "providers/endpoint/exchange.js",
    anchor: "abortFlow(this.flow, reason);",
    instead: ";",
  },
  {
    what: "a time to come back that counts from the request and not from the reply",
    file: "providers/endpoint/exchange.js",
    anchor: "now: call.context.clock.now()",
    instead: "now: target.now",
  },
  {
    what: "a splice that does not compare",
    file: "core/kinds/chat/splice.js",
    anchor: "if (overlap > 0 && !before.text.startsWith(event.text.slice(0, overlap), at))",
    instead: "if (false)",
  },
  {
    what: "a splice that delivers again what it repeats",
    file: "core/kinds/chat/splice.js",
    anchor: "event.text.slice(left)",
    instead: "event.text",
  },
  {
    what: "a hedge's loser that runs on",
    file: "strategies/race.js",
    anchor:
      'loser.abort(new AiLibError({ code: "CANCELLED", message: "Another member was first", local: true }));',
    instead: ";",
  },
  {
    what: "a second start that reaches the caller",
    file: "core/recovery/sequence.js",
    anchor: "this.broken === undefined",
    instead: "true",
  },
  {
    what: "a text that is folded twice",
    file: "core/kinds/chat/fold.js",
    anchor: "draft.joined.add(event.text);",
    instead: "draft.joined.add(event.text + event.text);",
  },
  {
    what: "a cooldown as long as the provider says",
    file: "core/recovery/cooldowns.js",
    anchor: "return Math.min(error.retryAt ?? now + ms, now + (times.maxCooldownMs ?? 600_000));",
    instead: "return error.retryAt ?? now + ms;",
  },
  {
    what: "several calls at once after a cooldown",
    file: "core/recovery/cooldowns.js",
    anchor: "entry.prober = budget;",
    instead: ";",
  },
  {
    what: "a session that changes its member",
    file: "strategies/sticky.js",
    anchor: "const key = hash32(this.keyOf(call));",
    instead: "const key = hash32(call.context.requestId);",
  },
  {
    what: "a key that is used while it cools down",
    file: "strategies/keys.js",
    anchor: "this.cooldowns[index]?.begin(error, until, now, modelOf(call));",
    instead: ";",
  },
  {
    what: "weights that do not count",
    file: "strategies/smooth-weighted-round-robin.js",
    anchor: "credit[index] = (credit[index] ?? 0) - total;",
    instead: ";",
  },
  {
    what: "the dearest member first",
    file: "strategies/cheapest.js",
    anchor: "a.cost - b.cost",
    instead: "b.cost - a.cost",
  },
  {
    what: "a condition that nobody asks",
    file: "strategies/conditional.js",
    anchor: 'synchronous(this.conditions[index]?.(call), "The condition of a member") ?? true',
    instead: "true",
  },
  {
    what: "a member without the wanted tag",
    file: "strategies/tagged.js",
    anchor: "tags.includes(tag)",
    instead: "true",
  },
  {
    what: "a timeout that never fires",
    file: "resilience/timeout.js",
    anchor: "this.cancelTimer = limitCall(",
    instead: "void (",
  },
  {
    what: "a retry budget that is never spent",
    file: "resilience/retry-budget.js",
    anchor: "if (retries + 1 > requests * this.ratio + this.floor)",
    instead: "if (false)",
  },
  {
    what: "a member that is down and asked first",
    file: "health/monitor.js",
    anchor: "!record.isDown(now, model)",
    instead: "true",
  },
  {
    what: "a continuation that asks for the whole answer",
    file: "core/kinds/chat/continuation.js",
    anchor: "messages: [...before, message]",
    instead: "messages",
  },
  {
    what: "errors whose target is not known by its key",
    file: "core/run/attempt.js",
    anchor: "target: this.targetOf(error)",
    instead: "target: error.target",
  },
];
