import type { Call } from "../contract/call.js";
import { abortFlow, pauseFlow, resumeFlow } from "../contract/flows.js";
import type { ChatProvider } from "../contract/provider.js";
import { type Flow, failLater, GUARDED, type Sink } from "../contract/sink.js";
import { AiLibError } from "../errors/error.js";
import { openMember } from "../run/member.js";
import type { EventOf, ResponseOf } from "../values/kinds.js";

/**
 * The sink of a layer's member, which may be opened later than the call, and again after a failure. A pause before the
 * member is open applies to it once it is.
 */
export abstract class MemberSink implements Sink {
  // Assigned in the constructor: field initializers of a base class cost time for every call.
  /** The member that was opened last. */
  declare protected flow: Flow | undefined;
  declare private paused: boolean;
  /** How many members were opened. */
  declare private opened: number;

  constructor() {
    this.flow = undefined;
    this.paused = false;
    this.opened = 0;
  }

  /** @see GUARDED */
  get [GUARDED](): true {
    return true;
  }

  abstract event(event: EventOf): void;
  abstract finish(response: ResponseOf): void;
  abstract fail(error: AiLibError): void;

  /** Opens a member; an exception of its `open` is a failed call. */
  protected openFlow(provider: ChatProvider, call: Call): void {
    const opening = ++this.opened;
    let flow: Flow;
    try {
      flow = openMember(provider, call, this);
    } catch (error) {
      flow = failLater(this, AiLibError.from(error));
    }
    if (opening === this.opened) this.follow(flow);
    // The member failed before its `open` returned, and another was opened in its place.
    else abortFlow(flow);
  }

  /** Takes a flow as that of the member. An earlier pause applies to it. */
  protected follow(flow: Flow): void {
    this.flow = flow;
    if (this.paused) pauseFlow(flow);
  }

  pause(): void {
    this.paused = true;
    pauseFlow(this.flow);
  }

  resume(): void {
    this.paused = false;
    resumeFlow(this.flow);
  }
}
