import type { ChatProvider } from "ai-lib";
import {
  type Call,
  CallInterceptor,
  type Flow,
  type Outcome,
  type ResponseOf,
  replay,
  type Sink,
  Wrapper,
} from "ai-lib/kit";

/** Answers a request that was answered before with the same response. A wrapper written with public parts alone. */
export class Remembering extends Wrapper {
  private readonly answers = new Map<string, ResponseOf>();

  constructor(provider: ChatProvider) {
    super("remembering", provider);
  }

  open(call: Call, sink: Sink): Flow {
    const key = JSON.stringify([call.kind, call.request]);
    const known = this.answers.get(key);
    if (known !== undefined) return replay(known, sink, call);
    return new Recording(this.inner, call, sink, (response) => this.answers.set(key, response));
  }
}

class Recording extends CallInterceptor {
  constructor(
    provider: ChatProvider,
    call: Call,
    sink: Sink,
    private readonly keep: (response: ResponseOf) => void,
  ) {
    super(call, sink);
    this.begin(provider);
  }

  protected onEnd(outcome: Outcome): void {
    if (outcome.kind === "success") this.keep(outcome.response);
  }
}
