import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { EventSink } from "../../../core/contract/sink.js";
import type { AiLibError } from "../../../core/errors/error.js";
import { invalidStream } from "./stream-failures.js";

/** Characters of a frame that its warning quotes. */
const QUOTED = 80;

/**
 * Frames of one stream that are no JSON. A single one costs a few characters at most and is skipped with a warning,
 * unless it could have been a piece of a call's arguments; a second one is no accident.
 */
export class MalformedFrames {
  private skipped = false;

  constructor(
    private readonly target: DialectTarget,
    private readonly out: Pick<EventSink, "event">,
  ) {}

  /** A frame was skipped: something of the answer may be missing. */
  get any(): boolean {
    return this.skipped;
  }

  /**
   * @param inCall a tool call may be missing what stood in the frame
   * @returns the failure with which the stream ends; undefined where it goes on
   */
  skip(data: string, inCall: boolean): AiLibError | undefined {
    if (data.trim() === "") return undefined;
    if (this.skipped || inCall)
      return invalidStream(this.target, "a frame of it is no JSON").with({ body: data });
    this.skipped = true;
    const message = `A frame that is no JSON was skipped: ${data.slice(0, QUOTED)}`;
    this.out.event({ type: "warning", warning: { code: "malformed", message } });
    return undefined;
  }
}
