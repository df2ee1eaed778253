import { type ChatProvider, type ChatRequest, type Kind, type Observer, systemClock } from "ai-lib";
import {
  type AnswerHead,
  type NodeOutput,
  type RelayEnd,
  type RequestHead,
  relay,
  type ServedCall,
  type ServedCallOf,
} from "ai-lib/serve";
import type { Admission, AdmissionRequest, Ledger, LedgerRow, Principal, Ticket } from "./admission.js";
import { callEnd, firstContentMs, isMade } from "./call-end.js";
import { makeCallId } from "./call-id.js";
import { longestMs } from "./chosen-route.js";
import { CopyRecorder } from "./copy-recorder.js";
import { sentHeaders } from "./header-rules.js";
import { HeldAnswer } from "./hooks/held-answer.js";
import type { LoadedHook } from "./hooks/load-hook.js";
import { runHooks } from "./hooks/run-hooks.js";
import { limitAnswer } from "./limits/limit-answer.js";
import type { LiveCalls } from "./live/live-calls.js";
import { isMirrored } from "./mirror.js";
import type { Choice, ModelTable } from "./model-table.js";
import { refuseBackground } from "./refuse-background.js";
import type { RunningCopies } from "./running-copies.js";
import { sessionOf, tagsOf, userOf } from "./served-head.js";
import type { Settings } from "./settings.js";

/** What answers calls. */
export interface Answering {
  readonly table: ModelTable;
  readonly admission: Admission;
  readonly ledger: Ledger | undefined;
  readonly observer: Observer;
  readonly calls: LiveCalls;
  readonly copies: RunningCopies;
  readonly settings: Settings;
  readonly inTrace: ((head: RequestHead, run: () => void) => void) | undefined;
}

/** Answers one call: finds its route, asks for admission, relays, and settles with its usage. */
export function answerCall(
  call: ServedCall<NodeOutput>,
  principal: Principal,
  answering: Answering,
  onRow: (row: LedgerRow) => void,
): void | Promise<void> {
  const { table } = answering;
  const startedAt = systemClock.now();
  const { request, laws } = call as ServedCallOf<Kind, NodeOutput>;
  refuseBackground(request);
  const asked = table.choose(modelOf(request), call.half.id);
  const given: AdmissionRequest = {
    id: makeCallId(startedAt),
    principal,
    route: asked.route,
    choice: asked,
    kind: call.kind,
    mode: call.mode,
    model: modelOf(request),
    request,
    bodyBytes: call.http.bytes?.length ?? 0,
    fields: call.fields,
    recalled: call.recalled,
    estimate: laws.estimate(request),
    deadline: startedAt + longestMs(asked),
    session: sessionOf(call.http),
    user: userOf(call.http),
    tags: tagsOf(call.http),
  };
  return new Admitting(call, { asked, startedAt, answering, onRow }).begin(given);
}

/** A call on its way to its route: its hooks, its admission, and the hooks of the route that answers instead. */
class Admitting {
  /** The routes whose hooks have seen the request. */
  private readonly hooked: string[] = [];

  constructor(
    private readonly call: ServedCall<NodeOutput>,
    private readonly facts: CallFacts,
  ) {}

  begin(given: AdmissionRequest): void | Promise<void> {
    const { asked } = this.facts;
    return hasRequestHooks(asked)
      ? this.hook(given, asked).then((wanted) => this.admit(wanted))
      : this.admit(given);
  }

  private admit(given: AdmissionRequest): void | Promise<void> {
    const { admission } = this.facts.answering;
    const principal = admission.renew?.(given.principal, this.call.http, this.peer) ?? given.principal;
    const wanted = principal === given.principal ? given : { ...given, principal };
    const ticket = admission.admit(wanted);
    return ticket instanceof Promise
      ? ticket.then((later) => this.go(wanted, later))
      : this.go(wanted, ticket);
  }

  private readonly peer = () => this.call.reply.output.response.socket?.remoteAddress;

  private go(wanted: AdmissionRequest, ticket: Ticket): void | Promise<void> {
    const { asked, answering } = this.facts;
    const { table, inTrace } = answering;
    try {
      const choice = ticket.route === undefined ? asked : table.choose(ticket.route, this.call.half.id);
      if (hasRequestHooks(choice) && !this.hooked.includes(choice.route))
        return this.hookOther(wanted, ticket, choice);
      const { call, facts } = this;
      if (inTrace === undefined) start(call, wanted, choice, ticket, facts);
      else inTrace(call.http, () => start(call, wanted, choice, ticket, facts));
    } catch (error) {
      ticket.release();
      throw error;
    }
  }

  /** Runs the hooks of a route that answers in place of the requested one. A request that they change is admitted again. */
  private async hookOther(wanted: AdmissionRequest, ticket: Ticket, choice: Choice): Promise<void> {
    let changed: AdmissionRequest;
    try {
      changed = await this.hook(wanted, choice);
    } catch (error) {
      ticket.release();
      throw error;
    }
    if (changed.request === wanted.request) return this.go(wanted, ticket);
    ticket.release();
    return this.admit(changed);
  }

  private hook(
    wanted: AdmissionRequest,
    { route, settings: { hooks = [] } }: Choice,
  ): Promise<AdmissionRequest> {
    this.hooked.push(route);
    return withHooks(wanted, route, hooks, (this.call as ServedCallOf<Kind, NodeOutput>).laws);
  }
}

function hasRequestHooks({ settings: { hooks = [] } }: Choice): boolean {
  return hooks.some(({ at }) => at === "request");
}

/** The call as its route's hooks let it go on. */
async function withHooks(
  given: AdmissionRequest,
  route: string,
  hooks: readonly LoadedHook[],
  laws: ServedCallOf<Kind>["laws"],
): Promise<AdmissionRequest> {
  const { request = given.request } = await runHooks(hooks, {
    ...hookFacts(given),
    route,
    at: "request",
    request: given.request,
  });
  if (request === given.request) return given;
  const size = Buffer.byteLength(JSON.stringify(request));
  const bodyBytes = Math.max(given.bodyBytes, size);
  return { ...given, request, bodyBytes, fields: undefined, estimate: laws.estimate(request) };
}

function hookFacts({ id, principal, route, kind, mode, model, session, user, tags }: AdmissionRequest) {
  return { call: id, key: principal.id, route, kind, mode, model, session, user, tags };
}

/** The hooks of the route that answers, and before them those of the requested one. */
function hooksOf(asked: Choice, choice: Choice): readonly LoadedHook[] {
  const { hooks = NO_HOOKS } = asked.settings;
  return asked.route === choice.route ? hooks : [...hooks, ...(choice.settings.hooks ?? NO_HOOKS)];
}

const NO_HOOKS: readonly LoadedHook[] = [];

/** A provider whose whole answers go through hooks. */
function withAnswerHooks(
  { provider, route }: Choice,
  hooks: readonly LoadedHook[],
  wanted: AdmissionRequest,
): ChatProvider {
  if (!hooks.some(({ at }) => at === "response")) return provider;
  const { request } = wanted;
  return new HeldAnswer(provider, async (response) => {
    const changed = await runHooks(hooks, { ...hookFacts(wanted), route, at: "response", request, response });
    return changed.response ?? response;
  });
}

/** What is known of a call before it is admitted. */
interface CallFacts {
  /** Where the model that it asked for leads. */
  readonly asked: Choice;
  readonly startedAt: number;
  readonly answering: Answering;
  /** Receives the row of the call as it ends. */
  readonly onRow: (row: LedgerRow) => void;
}

/** Relays a call that was admitted. */
function start(
  call: ServedCall<NodeOutput>,
  wanted: AdmissionRequest,
  choice: Choice,
  ticket: Ticket,
  { asked, startedAt, answering, onRow }: CallFacts,
): void {
  const { heartbeatMs, heartbeatFrom, onDisconnect } = answering.settings;
  const { bytes = true, headers, timeouts, midStream, maxRepeats, maxAttempts } = choice.settings;
  const hooks = hooksOf(asked, choice);
  const calls = answering.calls.of(choice.route);
  const onEnd = (ended: RelayEnd): void => {
    const end = callEnd(ended);
    const made = isMade(end.attempts);
    const charged = made ? ticket.settle(end) : undefined;
    if (!made) ticket.release();
    // A hook at the end has no effect on the call, even if it fails.
    if (hooks.length > 0)
      runHooks(hooks, { ...hookFacts(wanted), route: choice.route, at: "end", end }).catch(() => undefined);
    const { id, principal, session, user, tags, kind, mode, model } = wanted;
    const { response, error } = ended;
    const row: LedgerRow = {
      id,
      principal,
      session,
      user,
      tags,
      kind,
      mode,
      model,
      startedAt,
      end,
      charged,
      route: choice.route,
      endedAt: systemClock.now(),
      firstContentMs: firstContentMs(end.attempts, startedAt),
      dialect: call.half.id,
      code: error?.code,
      serviceTier: (response as { readonly serviceTier?: string } | undefined)?.serviceTier,
      content:
        answering.ledger?.keepsContent === true
          ? { request: wanted.request, response: response ?? error?.partial }
          : undefined,
    };
    calls.end(row);
    onRow(row);
    answering.ledger?.record(row);
  };
  const observed = calls.observerWith(answering.observer);
  const { admission, ledger, copies: running } = answering;
  const observer = isMirrored(choice.provider)
    ? new CopyRecorder(
        observed,
        { ...wanted, choice, route: choice.route },
        { admission, ledger, running, dialect: call.half.id },
      )
    : observed;
  calls.begin();
  try {
    relay(withChoice(call, wanted.request, choice, ticket), withAnswerHooks(choice, hooks, wanted), {
      onEnd,
      bytes,
      needsUsage: ticket.needsUsage,
      heartbeatMs,
      heartbeatFrom,
      onDisconnect,
      timeouts,
      midStream,
      maxRepeats,
      maxAttempts,
      headersOf: (head) => answerHeaders(wanted.id, head),
      headers: sentHeaders(headers, call.http.headers),
      observer,
      beforeAttempt: ticket.beforeAttempt,
      sessionId: wanted.session,
    });
  } catch (error) {
    calls.abandon();
    throw error;
  }
}

/** Characters of the header that lists losses. */
const MAX_LOSSES = 500;

/**
 * Headers for the client besides the answer: the id of the call, and the fields that the provider's dialect cannot
 * carry.
 */
function answerHeaders(id: string, { warnings, bytes }: AnswerHead): Readonly<Record<string, string>> {
  const relay = bytes ? "bytes" : "translated";
  if (warnings.length === 0) return { "x-ai-lib-call": id, "x-ai-lib-relay": relay };
  const losses = warnings.flatMap(({ code, field }) =>
    (code === "unsupported" || code === "changed" || code === "state-dropped") && field !== undefined
      ? [`${field}:${code}`]
      : [],
  );
  return {
    "x-ai-lib-call": id,
    "x-ai-lib-relay": relay,
    ...(losses.length > 0 && {
      "x-ai-lib-losses": [...new Set(losses)]
        .join(", ")
        .replace(/[^\x20-\x7e]/g, "?")
        .slice(0, MAX_LOSSES),
    }),
  };
}

/** The call for the chosen model, with the limit of its ticket. */
function withChoice(
  call: ServedCall<NodeOutput>,
  wanted: AdmissionRequest["request"],
  { model }: Choice,
  { maxTokens }: Ticket,
): ServedCall<NodeOutput> {
  const request = copyOf(wanted);
  request.model = model;
  if (call.kind === "chat" && maxTokens !== undefined) limitAnswer(request, maxTokens);
  const changed = { ...call } as { request: object };
  changed.request = request;
  return changed as ServedCall<NodeOutput>;
}

type Copied = { -readonly [K in keyof Partial<ChatRequest>]: ChatRequest[K] };

/** A copy that takes further fields: one that a spread made takes ten times as long to extend and to read (V8 11 and 13). */
function copyOf(request: object): Copied {
  const copy: Record<string, unknown> = {};
  for (const name in request) copy[name] = (request as Record<string, unknown>)[name];
  return copy as Copied;
}

function modelOf(request: object): string | undefined {
  const { model } = request as { readonly model?: string };
  return model;
}
