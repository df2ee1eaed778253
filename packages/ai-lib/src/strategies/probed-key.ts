import type { Call } from "../core/contract/call.js";
import { modelOf } from "../core/contract/call-facts.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import { formatTarget } from "../core/errors/attempt-log.js";
import { AiLibError } from "../core/errors/error.js";
import { type Cooldown, type Cooldowns, type Probe, provesTarget } from "../core/recovery/cooldowns.js";
import { CallInterceptor, type Outcome } from "../core/recovery/interceptor.js";
import { Wrapper } from "../core/run/compose.js";
import { openMember } from "../core/run/member.js";
import { skipAttempt } from "../core/run/skip-attempt.js";
import type { Entry } from "./member.js";

/** A key that after a cooldown is used for one call at a time, until one has succeeded. */
export class ProbedKey extends Wrapper {
  override readonly name: string;

  constructor(
    override readonly inner: ChatProvider,
    private readonly entry: Entry,
    private readonly cooldowns: Cooldowns | undefined,
  ) {
    super("probed", inner);
    this.name = inner.name;
  }

  open(call: Call, sink: Sink): Flow {
    if (this.cooldowns === undefined) return openMember(this.inner, call, sink);
    return new ProbedRun(call, sink, this.inner, this.entry, this.cooldowns);
  }
}

class ProbedRun extends CallInterceptor {
  private readonly model: string | undefined;
  private probe: Probe | undefined;
  private stopWaiting: (() => void) | undefined;

  constructor(
    call: Call,
    sink: Sink,
    private readonly provider: ChatProvider,
    private readonly entry: Entry,
    private readonly cooldowns: Cooldowns,
  ) {
    super(call, sink);
    this.model = modelOf(call);
    this.admit();
  }

  private admit(): void {
    const { call, model, cooldowns } = this;
    const cooldown = cooldowns.at(call.context.clock.now(), model);
    const probed = cooldowns.probing(model, call.context);
    if (cooldown !== undefined) this.stop(cooldown, cooldown.until);
    else if (probed === undefined) {
      this.probe = cooldowns.enter(model, call.context);
      this.begin(this.provider);
    } else if (call.alternatives?.untried() === true) this.stop(probed, undefined);
    else this.stopWaiting = cooldowns.onProbeEnd(() => this.admit());
  }

  private stop({ code, scope }: Cooldown, retryAt: number | undefined): void {
    const { target } = this.entry;
    const why =
      retryAt === undefined
        ? `one call tries it first after a cooldown for ${code}`
        : `it cools down after ${code}`;
    skipAttempt(this.call, target, why);
    const message = `${formatTarget(target)} is not used: ${why}`;
    this.refuse(new AiLibError({ code, scope, message, local: true, target, retryAt }));
  }

  protected override onFirstContent(): void {
    this.endProbe(true);
  }

  protected onEnd(outcome: Outcome): void {
    this.stopWaiting?.();
    this.endProbe(provesTarget(outcome));
  }

  private endProbe(answers: boolean): void {
    const { probe } = this;
    this.probe = undefined;
    if (probe !== undefined) this.cooldowns.leave(probe, answers, this.model);
  }
}
