import { AiLibError, type ChatProvider } from "ai-lib";
import { type Call, type Flow, openMember, type ResponseOf, replay, type Sink, Wrapper } from "ai-lib/kit";

/** Changes a whole answer, or rejects with the error that the client gets in its place. */
export type ChangeAnswer = (response: ResponseOf) => Promise<ResponseOf>;

/** Holds an answer until its end, and passes on the result of a function, as a stream if the call is one. */
export class HeldAnswer extends Wrapper {
  constructor(
    inner: ChatProvider,
    private readonly change: ChangeAnswer,
  ) {
    super("hooks", inner);
  }

  open(call: Call, sink: Sink): Flow {
    const holder = new Holder(call, sink, this.change);
    holder.flow = openMember(this.inner, call, holder);
    return holder;
  }

  override async close(): Promise<void> {
    await this.inner.close?.();
  }
}

class Holder implements Sink, Flow {
  flow: Flow | undefined;
  private over = false;

  constructor(
    private readonly call: Call,
    private readonly sink: Sink,
    private readonly change: ChangeAnswer,
  ) {}

  event(): void {}

  finish(response: ResponseOf): void {
    this.flow = undefined;
    this.change(response).then(
      (changed) => {
        if (!this.over) this.flow = replay(changed, this.sink, this.call);
      },
      (error: unknown) => this.fail(AiLibError.from(error)),
    );
  }

  fail(error: AiLibError): void {
    if (!this.over) this.sink.fail(error);
  }

  pause(): void {
    this.flow?.pause();
  }

  resume(): void {
    this.flow?.resume();
  }

  abort(reason?: unknown): ResponseOf | undefined {
    this.over = true;
    return this.flow?.abort(reason);
  }
}
