import type { Call } from "../../core/contract/call.js";
import { PASSES_TO } from "../../core/contract/sink.js";
import type { StreamItem } from "../../core/contract/stream.js";
import { CallStream } from "../../core/run/call-stream.js";

/** A stream that is read from its beginning and shows what follows one of the provider's events. */
export class FollowedChat extends CallStream {
  constructor(
    opener: ConstructorParameters<typeof CallStream>[0],
    call: Call,
    private readonly after: number | undefined,
  ) {
    super(opener, call, true);
  }

  /** Every event comes through {@link push}. */
  override [PASSES_TO](): undefined {
    return undefined;
  }

  protected override push(event: StreamItem<"chat">): void {
    const cursor = "cursor" in event ? event.cursor : undefined;
    if (this.after === undefined || cursor === undefined || cursor > this.after) super.push(event);
  }
}
