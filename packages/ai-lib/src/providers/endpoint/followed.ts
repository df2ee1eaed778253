import type { CallContext } from "../../core/contract/call.js";
import { abortFlow, pauseFlow, resumeFlow } from "../../core/contract/flows.js";
import type { Flow } from "../../core/contract/sink.js";
import type {
  HeaderFields,
  Transport,
  TransportRequest,
  TransportSink,
} from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { openedFlow } from "../../core/run/member.js";
import { DEFAULT_POLL, MAX_POLL_FAILURES, pollDelay } from "../../core/run/poll.js";
import { joinBytes } from "../../core/values/join-bytes.js";
import { LIMITS } from "../../core/values/limits.js";

/** The state of the stream that is followed. */
export interface FollowedStream {
  /** The field of an event that holds its number. */
  readonly cursorField: string;
  /** The types of the events that end the stream. */
  readonly ends: readonly string[];
  /** The request for the stream after an event; without one, from the beginning. */
  resume(after: number | undefined): TransportRequest | Promise<TransportRequest>;
}

/**
 * A transport whose reply spans any number of connections: if one breaks or ends before the stream does, the next one
 * continues after the last complete event. The reader receives one reply.
 */
export function followed(transport: Transport, stream: FollowedStream, context: CallContext): Transport {
  return {
    open: (request, sink) => new FollowedReply(transport, stream, context, sink).begin(request),
    secrets: (url) => transport.secrets?.(url) ?? [],
  };
}

const NEWLINE = 10;
const RETURN = 13;

class FollowedReply implements Flow {
  private flow: Flow | undefined;
  private readonly decoder = new TextDecoder();
  /** The beginning of an event that has not ended. */
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  private cursor: number | undefined;
  private begun = false;
  /** The reply is not a stream but an error, which is passed on unchanged. */
  private plain = false;
  private ended = false;
  private over = false;
  private paused = false;
  private failures = 0;
  private cancelWait: (() => void) | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly stream: FollowedStream,
    private readonly context: CallContext,
    private readonly sink: TransportSink,
  ) {}

  begin(request: TransportRequest): this {
    this.connect(request);
    return this;
  }

  pause(): void {
    this.paused = true;
    pauseFlow(this.flow);
  }

  resume(): void {
    this.paused = false;
    resumeFlow(this.flow);
  }

  abort(reason?: unknown): undefined {
    this.over = true;
    this.cancelWait?.();
    abortFlow(this.flow, reason);
  }

  private connect(request: TransportRequest): void {
    this.held = [];
    this.heldBytes = 0;
    let refused = false;
    // Events of an abandoned connection are ignored.
    let current = true;
    const leave = (error: AiLibError): void => {
      if (!current || this.over) return;
      current = false;
      this.broke(error);
    };
    this.flow = openedFlow(
      this.transport.open(request, {
        head: (status, headers) => {
          if (!current || this.over) return;
          const isStream = status >= 200 && status <= 299;
          if (!this.begun) this.start(status, headers, !isStream);
          else if (!isStream) {
            refused = true;
            abortFlow(this.flow);
            leave(
              new AiLibError({
                code: "NETWORK_ERROR",
                status,
                message: `The stream cannot go on: status ${status}`,
              }),
            );
          }
        },
        data: (chunk) => {
          if (current && !refused && !this.over) this.take(chunk);
        },
        end: () => {
          if (!current || this.over) return;
          this.flushLast();
          if (this.plain || this.ended) this.finish();
          else
            leave(
              new AiLibError({
                code: "STREAM_TRUNCATED",
                message: "The connection ended before the answer did",
              }),
            );
        },
        fail: leave,
      }),
    );
    if (this.paused) pauseFlow(this.flow);
  }

  private start(status: number, headers: HeaderFields, plain: boolean): void {
    this.begun = true;
    this.plain = plain;
    this.sink.head(status, headers);
  }

  /** Passes whole events on. */
  private take(chunk: Uint8Array): void {
    if (this.plain) {
      this.sink.data(chunk);
      return;
    }
    const end = endOfEvents(chunk, this.held.at(-1));
    if (end === 0) {
      this.hold(chunk);
      return;
    }
    const bytes = joinBytes([...this.held, chunk.subarray(0, end)], this.heldBytes + end);
    this.held = [];
    this.heldBytes = 0;
    this.note(this.decoder.decode(bytes));
    this.failures = 0;
    if (end < chunk.length) this.hold(chunk.subarray(end));
    this.sink.data(bytes);
  }

  /** A last event may lack its empty line. */
  private flushLast(): void {
    if (this.heldBytes === 0) return;
    const bytes = joinBytes(this.held, this.heldBytes);
    this.note(this.decoder.decode(bytes));
    if (this.ended) this.sink.data(bytes);
  }

  private hold(chunk: Uint8Array): void {
    // The transport may use a chunk again.
    this.held.push(new Uint8Array(chunk));
    this.heldBytes += chunk.length;
    if (this.heldBytes <= LIMITS.frameBytes) return;
    this.over = true;
    abortFlow(this.flow);
    this.sink.fail(
      new AiLibError({
        code: "INVALID_RESPONSE",
        message: `An event has more than ${LIMITS.frameBytes} bytes`,
      }),
    );
  }

  /** Records the number of the last event, and whether it ends the stream. Quotes within texts are escaped. */
  private note(text: string): void {
    const { cursorField, ends } = this.stream;
    const mark = `"${cursorField}":`;
    const at = text.lastIndexOf(mark);
    const number =
      at === -1 ? Number.NaN : Number.parseInt(text.slice(at + mark.length, at + mark.length + 20), 10);
    if (Number.isSafeInteger(number)) this.cursor = number;
    if (ends.some((type) => text.includes(`"type":"${type}"`) || text.includes(`"type": "${type}"`)))
      this.ended = true;
  }

  /** Continues after the last event, after a wait. */
  private broke(error: AiLibError): void {
    const { status } = error;
    const passes = status === undefined || status === 429 || status >= 500;
    // Before the head there is no event to continue after: the call's own rules for failures apply.
    if (!this.begun || this.ended || !passes || ++this.failures > MAX_POLL_FAILURES) {
      this.over = true;
      if (this.ended) this.sink.end();
      else this.sink.fail(error);
      return;
    }
    const { clock, random } = this.context;
    const delay = pollDelay(DEFAULT_POLL, this.failures, random);
    this.cancelWait = clock.after(delay, () => void this.again());
  }

  private async again(): Promise<void> {
    try {
      const request = await this.stream.resume(this.cursor);
      if (!this.over) this.connect(request);
    } catch (error) {
      if (!this.over) this.broke(AiLibError.from(error, "NETWORK_ERROR"));
    }
  }

  private finish(): void {
    this.over = true;
    this.sink.end();
  }
}

/**
 * How many bytes of a chunk belong to whole events, which end with an empty line.
 * @param before the previous chunk, whose last bytes may begin that line
 */
function endOfEvents(chunk: Uint8Array, before: Uint8Array | undefined): number {
  for (let at = chunk.length - 1; at >= 0; at--)
    if (chunk[at] === NEWLINE && byteBefore(chunk, at, before, chunk[at - 1] === RETURN ? 2 : 1) === NEWLINE)
      return at + 1;
  return 0;
}

function byteBefore(
  chunk: Uint8Array,
  at: number,
  before: Uint8Array | undefined,
  back: number,
): number | undefined {
  const place = at - back;
  return place >= 0 ? chunk[place] : before?.at(place);
}
