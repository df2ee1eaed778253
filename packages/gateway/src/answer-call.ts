import { randomBytes } from "node:crypto";
import { DEFAULT_TIMEOUTS, type Kind, type Observer, systemClock } from "ai-lib";
import { type NodeOutput, type RelayEnd, relay, type ServedCall, type ServedCallOf } from "ai-lib/serve";
import type { Admission, AdmissionRequest, Ledger, Principal, Ticket } from "./admission.js";
import { callEnd, firstContentMs } from "./call-end.js";
import type { Choice, ModelTable } from "./model-table.js";
import { sessionOf, tagsOf, userOf } from "./served-head.js";

/** What answers calls. */
export interface Answering {
  readonly table: ModelTable;
  readonly admission: Admission;
  readonly ledger: Ledger | undefined;
  readonly observer: Observer | undefined;
}

/** Answers one call: finds its route, asks for admission, relays, and settles with what was used. */
export async function answerCall(
  call: ServedCall<NodeOutput>,
  principal: Principal,
  answering: Answering,
): Promise<void> {
  const { table, admission } = answering;
  const startedAt = systemClock.now();
  const { request, laws } = call as ServedCallOf<Kind, NodeOutput>;
  const asked = table.choose(modelOf(request), call.half.id);
  const wanted: AdmissionRequest = {
    id: `call_${randomBytes(12).toString("hex")}`,
    principal,
    route: asked.route,
    kind: call.kind,
    mode: call.mode,
    model: modelOf(request),
    request,
    bodyBytes: call.http.bytes?.length ?? 0,
    estimate: laws.estimate(request),
    deadline: startedAt + DEFAULT_TIMEOUTS.totalMs + DEFAULT_TIMEOUTS.streamMs,
    session: sessionOf(call.http),
    user: userOf(call.http),
    tags: tagsOf(call.http),
  };
  const pending = admission.admit(wanted);
  const ticket = pending instanceof Promise ? await pending : pending;
  try {
    const choice = ticket.route === undefined ? asked : table.choose(ticket.route, call.half.id);
    start(call, choice, { wanted, ticket, startedAt, answering });
  } catch (error) {
    ticket.release();
    throw error;
  }
}

/** A call that was admitted. */
interface Admitted {
  readonly wanted: AdmissionRequest;
  readonly ticket: Ticket;
  readonly startedAt: number;
  readonly answering: Answering;
}

function start(call: ServedCall<NodeOutput>, choice: Choice, admitted: Admitted): void {
  const { wanted, ticket, startedAt, answering } = admitted;
  const onEnd = (ended: RelayEnd): void => {
    const end = callEnd(ended);
    if (end.attempts.some(({ outcome }) => outcome !== "skipped")) ticket.settle(end);
    else ticket.release();
    const { id, principal, session, user, tags, kind, mode, model } = wanted;
    answering.ledger?.record({
      ...{ id, principal, session, user, tags, kind, mode, model, startedAt, end },
      route: choice.route,
      endedAt: systemClock.now(),
      firstContentMs: firstContentMs(end.attempts, startedAt),
      dialect: call.half.id,
      code: ended.error?.code,
    });
  };
  relay(withChoice(call, choice, ticket), choice.provider, {
    onEnd,
    bytes: true,
    observer: answering.observer,
    sessionId: wanted.session,
  });
}

/** The call for the chosen model, with the limit of its ticket. */
function withChoice(
  call: ServedCall<NodeOutput>,
  { model }: Choice,
  { maxTokens }: Ticket,
): ServedCall<NodeOutput> {
  const request = {
    ...call.request,
    model,
    ...(call.kind === "chat" &&
      maxTokens !== undefined && { maxTokens: Math.min(maxTokens, call.request.maxTokens ?? maxTokens) }),
  };
  return { ...call, request } as ServedCall<NodeOutput>;
}

function modelOf(request: object): string | undefined {
  const { model } = request as { readonly model?: string };
  return model;
}
