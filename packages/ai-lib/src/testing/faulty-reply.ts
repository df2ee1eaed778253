import type { ServerResponse } from "node:http";
import type { Clock } from "../core/contract/clock.js";
import type { ServedStream } from "../core/contract/dialect.js";
import type { Frame, HttpReply } from "../core/contract/transport.js";
import { AiLibError } from "../core/errors/error.js";
import { provideChatStreams } from "../core/kinds/chat/provide-streams.js";
import type { EventOf, Kind, ResponseOf } from "../core/values/kinds.js";
import type { AudioDeltaEvent } from "../core/values/speech.js";
import { codeOfStatus } from "../dialects/shared/common/errors.js";
import type { NodeOutput } from "../serve/node.js";
import type { ServedCallOf } from "../serve/options.js";
import { sendReply } from "../serve/output.js";
import type { FrameWriter } from "../wire/frame-writer.js";
import type { Fault } from "./fault.js";
import type { RunStart } from "./services/simulated-runs.js";
import type { SimulatedAttempt } from "./simulated-attempt.js";

provideChatStreams();

/** What one answer of the simulator is made of. */
export interface FaultyReplyParts {
  readonly call: ServedCallOf<Kind, NodeOutput>;
  readonly response: ResponseOf;
  readonly attempt: Pick<SimulatedAttempt, "frames" | "outcome">;
  readonly fault: Fault;
  readonly clock: Clock;
  /** Characters of each text delta. */
  readonly pieceLength: number;
  /** What is answered in place of `response`: the reply of a unary request, the frames of a stream. */
  readonly given?: RunStart | undefined;
}

const COMMENT_MS = 250;
const DRIBBLE_MS = 10;
const SPACES = Buffer.alloc(64 * 1024, " ");

/** One answer, sent as its fault says. */
export class FaultyReply {
  private readonly reply: ServerResponse;
  private cancelWait: (() => void) | undefined;

  constructor(private readonly parts: FaultyReplyParts) {
    this.reply = parts.call.reply.output.response;
    this.reply.once("close", () => this.cancelWait?.());
  }

  /** Begins; timers continue it until the answer is sent or the client leaves. */
  play(): void {
    this.wait(this.parts.fault.headDelayMs, () => this.begin());
  }

  private begin(): void {
    const { fault, call } = this.parts;
    if (fault.silent === "head") return;
    if (fault.closes === true) this.closeBehind();
    if (fault.reset === "head") this.destroy();
    else if (fault.status !== undefined || fault.error !== undefined) this.refuse();
    else if (fault.body !== undefined)
      this.whole({ status: 200, headers: { "content-type": "application/json" }, body: fault.body });
    else {
      const { encoding, writer } = call.reply;
      if (encoding.stream === undefined || writer === undefined) this.unary();
      else this.stream(encoding.stream, writer);
    }
  }

  /** An error reply in the dialect's own shape. */
  private refuse(): void {
    const { fault, call } = this.parts;
    const error = new AiLibError(
      fault.error ?? {
        code: codeOfStatus(fault.status ?? 500),
        message: `The simulator was set to answer ${fault.status}`,
      },
    );
    const reply = call.half.error(error);
    this.whole({ ...reply, status: fault.status ?? reply.status, body: fault.body ?? reply.body });
  }

  private whole(reply: HttpReply): void {
    this.done("faulted");
    this.sendWhole({ ...reply, headers: { ...reply.headers, ...this.parts.fault.headers } });
  }

  private sendWhole(reply: HttpReply): void {
    const { dribble, oversize } = this.parts.fault;
    if (dribble === undefined && oversize === undefined) {
      sendReply(this.parts.call.reply.output, reply);
      return;
    }
    this.reply.writeHead(reply.status, reply.headers);
    if (oversize !== undefined) this.flood(oversize);
    else this.dribble(Buffer.from(reply.body), () => this.reply.end());
  }

  /** Sends white space until there are so many bytes, or the client leaves. */
  private flood(left: number): void {
    if (this.reply.destroyed) return;
    if (left <= 0) this.reply.end();
    else this.reply.write(SPACES, () => this.flood(left - SPACES.length));
  }

  private dribble(bytes: Uint8Array, then: () => void): void {
    const { bytes: length, everyMs = DRIBBLE_MS } = this.parts.fault.dribble ?? { bytes: bytes.length };
    const next = (from: number): void => {
      if (this.reply.destroyed) return;
      if (from >= bytes.length) {
        then();
        return;
      }
      this.reply.write(bytes.subarray(from, from + length));
      this.wait(everyMs, () => next(from + length));
    };
    next(0);
  }

  /** Closes the connection once the reply is out. Its head says nothing of it. */
  private closeBehind(): void {
    const { socket } = this.reply;
    this.reply.once("finish", () => socket?.destroySoon());
  }

  private unary(): void {
    const { fault, call, response, given } = this.parts;
    const reply = given?.reply ?? call.reply.encoding.encode(response);
    const headers = { ...reply.headers, ...fault.headers };
    const broken = fault.reset ?? fault.cut ?? fault.silent ?? fault.comments?.after;
    if (broken === undefined) {
      this.done(fault.oversize === undefined ? "answered" : "faulted");
      this.sendWhole({ ...reply, headers });
      return;
    }
    // Announce the whole and send half: a client that takes it for an answer does not count.
    const bytes = Buffer.from(reply.body);
    this.reply.writeHead(reply.status, { ...headers, "content-length": String(bytes.length) });
    this.reply.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
      if (fault.silent === undefined && fault.comments === undefined) this.destroy();
    });
  }

  private stream(stream: ServedStream<Kind>, writer: FrameWriter): void {
    const frames = this.frames(stream);
    // A file's writer knows the type of its head by the first frame.
    const [first] = frames;
    if (stream.framing === "bytes" && first !== undefined) writer.frame(first);
    this.parts.call.reply.head(this.parts.fault.headers);
    // Node holds a head back until the first byte of the body.
    this.reply.flushHeaders();
    if (this.parts.fault.oversize !== undefined) {
      this.done("faulted");
      this.flood(this.parts.fault.oversize);
    } else this.wait(this.parts.fault.firstFrameDelayMs, () => this.send(frames, writer, 0));
  }

  private send(frames: readonly Frame[], writer: FrameWriter, from: number): void {
    const { fault, attempt } = this.parts;
    for (let at = from; ; at++) {
      if (this.reply.destroyed || fault.silent === at) return;
      if (fault.reset === at) {
        // What was written before must arrive: the fault is a reset after n frames, not before.
        this.reply.write("", () => this.destroy());
        return;
      }
      if (fault.cut === at || at >= frames.length) {
        this.done(at >= frames.length && !this.spoiled() ? "answered" : "faulted");
        if (fault.lingers === true) this.reply.write(writer.end());
        else this.reply.end(fault.cut === at ? "" : writer.end());
        return;
      }
      if (fault.comments?.after === at) {
        this.comment(fault.comments.everyMs ?? COMMENT_MS);
        return;
      }
      if (fault.dribble !== undefined) {
        attempt.frames++;
        this.dribble(Buffer.from(writer.frame(frames[at] as Frame)), () => this.send(frames, writer, at + 1));
        return;
      }
      if (fault.malformed === at) this.reply.write(writer.frame({ data: '{"broken":' }));
      const room = this.reply.write(writer.frame(frames[at] as Frame));
      attempt.frames++;
      if (!room) {
        this.reply.once("drain", () => this.send(frames, writer, at + 1));
        return;
      }
      if ((fault.frameDelayMs ?? 0) > 0) {
        this.wait(fault.frameDelayMs, () => this.send(frames, writer, at + 1));
        return;
      }
    }
  }

  private comment(everyMs: number): void {
    if (this.reply.destroyed || this.parts.call.half.framing !== "sse") return;
    this.reply.write(": still here\n\n");
    this.wait(everyMs, () => this.comment(everyMs));
  }

  private spoiled(): boolean {
    const { inBand, malformed, noTerminator } = this.parts.fault;
    return inBand !== undefined || malformed !== undefined || noTerminator === true;
  }

  /** The frames of the answer, an error among them or the end missing where the fault says so. */
  private frames(stream: ServedStream<Kind>): Frame[] {
    const { call, response, fault, pieceLength, given } = this.parts;
    if (given !== undefined) return [...given.frames];
    const frames: Frame[] = [];
    const encoder = stream.encoder((frame) => frames.push(frame));
    const { inBand } = fault;
    for (const event of inPieces(call.laws.replay(response), pieceLength)) {
      if (inBand !== undefined && frames.length >= inBand.after) break;
      encoder.event(event);
    }
    if (inBand !== undefined) {
      frames.length = Math.min(frames.length, inBand.after);
      encoder.fail(new AiLibError(inBand.error));
    } else if (fault.noTerminator !== true) {
      encoder.finish(response);
    }
    return frames;
  }

  private destroy(): void {
    this.done("faulted");
    const { socket } = this.reply;
    if (socket === null) this.reply.destroy();
    else socket.resetAndDestroy();
  }

  private done(outcome: SimulatedAttempt["outcome"]): void {
    this.parts.attempt.outcome = outcome;
  }

  private wait(ms: number | undefined, then: () => void): void {
    if (ms === undefined || ms <= 0) then();
    else this.cancelWait = this.parts.clock.after(ms, then);
  }
}

/** Events whose long deltas are cut into pieces, never within a character. */
export function inPieces<E extends EventOf<Kind>>(events: readonly E[], length: number): E[] {
  return events.flatMap((event) => {
    if (event.type === "audio-delta") return soundPieces(event, length) as E[];
    if (!("text" in event) || event.text.length <= length || "logprobs" in event) return [event];
    const pieces: E[] = [];
    let piece = "";
    for (const character of event.text) {
      piece += character;
      if (piece.length >= length) {
        pieces.push({ ...event, text: piece });
        piece = "";
      }
    }
    if (piece !== "") pieces.push({ ...event, text: piece });
    return pieces;
  });
}

/** A sound in pieces, each of whole groups of base64. */
function soundPieces({ data, ...rest }: AudioDeltaEvent, length: number): AudioDeltaEvent[] {
  const step = Math.max(4, length - (length % 4));
  const pieces: AudioDeltaEvent[] = [];
  for (let at = 0; at < data.length; at += step) pieces.push({ ...rest, data: data.slice(at, at + step) });
  return pieces;
}
