import type { FileTarget, PieceCodec, UploadFacts } from "../../apis/files/file-codec.js";
import type { CallContext } from "../../core/contract/call.js";
import type { StoredFile } from "../../core/contract/file.js";
import { attempt } from "../../core/contract/guard.js";
import type { HttpReply } from "../../core/contract/transport.js";
import type { FileUpload, UploadOptions, UploadSession } from "../../core/contract/upload.js";
import { AiLibError, configError } from "../../core/errors/error.js";
import { DEFAULT_POLL, isPassing, MAX_POLL_FAILURES, pollDelay } from "../../core/run/poll.js";
import { sleep } from "../../core/run/sleep.js";
import { fileBody, multipartBody } from "../../wire/upload.js";
import { PieceReader } from "./piece-reader.js";
import type { PreparedRequest } from "./requests.js";
import type { StoreAccess } from "./store-access.js";

/** What the caller of an upload in pieces chose. */
type Choices = Pick<UploadOptions, "onProgress" | "onSession" | "session" | "pieceBytes">;

/** One upload in pieces. A piece that fails temporarily is sent again, from the last byte that the store has. */
export class PieceUpload {
  constructor(
    private readonly codec: PieceCodec,
    private readonly access: StoreAccess,
    private readonly target: FileTarget,
    private readonly context: CallContext,
  ) {}

  /** Sends a file, from the beginning or from the offset that a session reached. */
  async run(file: FileUpload, facts: UploadFacts, choices: Choices): Promise<StoredFile> {
    const { onSession } = choices;
    const maxBytes = this.codec.maxBytes ?? this.access.store.maxBytes;
    // Counts what is read: a file that is too large, or not as long as it was said to be, fails.
    const { body } = fileBody(file, { maxBytes });
    const pieceBytes = this.pieceBytes(choices.pieceBytes);
    let session =
      choices.session === undefined ? await this.begin(facts) : await this.found(choices.session, facts);
    const report = (): void => {
      if (onSession !== undefined) attempt(() => onSession(session));
    };
    report();
    const reader = new PieceReader(body, pieceBytes, facts.size);
    try {
      await reader.skip(session.offset);
      // Every piece is there, and the request that ends the upload failed.
      const whole = session.offset === session.size && session.offset > 0 && !this.codec.lastCompletes;
      for (let last = whole; !last; ) {
        const piece = await reader.next();
        last = piece.last;
        const sent = await this.sendPiece(session, piece.bytes, last, choices.onProgress);
        session = sent.session;
        if (sent.file !== undefined) {
          session = { ...session, state: "done" };
          report();
          return sent.file;
        }
        report();
      }
      const stored = await this.complete(session);
      session = { ...session, state: "done" };
      report();
      return stored;
    } catch (error) {
      // Without the session, the caller could not continue the upload.
      if (onSession === undefined && choices.session === undefined) await this.giveUp(session);
      throw error;
    } finally {
      await reader.close();
    }
  }

  async cancel(session: UploadSession): Promise<UploadSession> {
    this.check(session);
    const { codec, target } = this;
    return this.send(codec.cancel(session, target), (reply, redact) =>
      codec.cancelled(reply, session, { ...target, redact }),
    );
  }

  private begin(facts: UploadFacts): Promise<UploadSession> {
    const { codec, target } = this;
    return this.send(codec.begin(facts, target), (reply, redact) =>
      codec.begun(reply, facts, { ...target, redact }),
    );
  }

  /** A session that continues, with the bytes that the store has. */
  private async found(session: UploadSession, { size }: UploadFacts): Promise<UploadSession> {
    this.check(session);
    if (size !== undefined && session.size !== undefined && size !== session.size)
      throw new AiLibError({
        code: "FILE_ERROR",
        message: `"${session.filename}" has ${size} bytes; the upload began with a file of ${session.size}`,
        local: true,
      });
    const asked = await this.query(session);
    if (asked.state !== "pending")
      throw new AiLibError({
        code: "FILE_ERROR",
        message: `The upload of "${session.filename}" cannot go on: it is ${asked.state}; begin a new one`,
        local: true,
      });
    return asked;
  }

  private async query(session: UploadSession): Promise<UploadSession> {
    const { codec, target } = this;
    const http = codec.query?.(session, target);
    if (http === undefined) return session;
    return this.send(
      http,
      (reply, redact) => codec.queried?.(reply, session, { ...target, redact }) ?? session,
    );
  }

  /** Sends one piece until the store has it. */
  private async sendPiece(
    before: UploadSession,
    bytes: Uint8Array,
    last: boolean,
    onProgress: UploadOptions["onProgress"],
  ): Promise<{ readonly session: UploadSession; readonly file?: StoredFile }> {
    const { codec, target, context } = this;
    const end = before.offset + bytes.length;
    let session = before;
    for (let failures = 0; ; ) {
      const rest = bytes.subarray(bytes.length - (end - session.offset));
      if (rest.length === 0 && bytes.length > 0 && !last) return { session };
      try {
        return await this.send(this.pieceRequest(session, rest, last, onProgress), (reply, redact) => {
          const known = { ...target, redact };
          const next = codec.sent(reply, session, rest.length, known);
          return last && codec.lastCompletes
            ? { session: next, file: codec.completed(reply, known) }
            : { session: next };
        });
      } catch (thrown) {
        const error = AiLibError.from(thrown);
        if (!isPassing(error) || ++failures >= MAX_POLL_FAILURES) throw error;
        await sleep(pollDelay(DEFAULT_POLL, failures, context.random), context.clock, context.signal);
        const asked = await this.query(session).catch(() => session);
        if (asked.offset < before.offset || asked.offset > end) throw error;
        session = asked;
      }
    }
  }

  private pieceRequest(
    session: UploadSession,
    bytes: Uint8Array,
    last: boolean,
    onProgress: UploadOptions["onProgress"],
  ): PreparedRequest {
    const { codec, target, context } = this;
    const { filename, mediaType, size, offset } = session;
    const piece: FileUpload = { content: bytes, filename, mediaType };
    const limits = { onProgress: onProgress && ((sent: number) => onProgress(offset + sent, size)) };
    const { headers, body } =
      codec.field === undefined
        ? fileBody(piece, limits)
        : multipartBody({}, codec.field, piece, context.random, limits);
    const http = codec.piece(session, last, target);
    return { ...http, headers: { ...headers, ...http.headers }, pieces: body };
  }

  private complete(session: UploadSession): Promise<StoredFile> {
    const { codec, target } = this;
    const http = codec.complete?.(session, target);
    if (http === undefined)
      throw configError("An API whose last piece does not complete the upload has `complete`");
    return this.send(http, (reply, redact) => codec.completed(reply, { ...target, redact }));
  }

  /** Cancels an upload at the vendor, and waits only for the reply. */
  private async giveUp(session: UploadSession): Promise<void> {
    await this.cancel(session).catch(() => undefined);
  }

  private send<T>(
    http: PreparedRequest,
    decode: (reply: HttpReply, redact: (text: string) => string) => T,
  ): Promise<T> {
    return this.access.send(http, this.context, decode);
  }

  /** Whole multiples of what the vendor takes, within its bounds. */
  private pieceBytes(wanted: number = this.codec.pieceBytes): number {
    const { granularity, mostPieceBytes } = this.codec;
    if (!(Number.isFinite(wanted) && wanted >= 1))
      throw configError(`\`pieceBytes\` must be a number of bytes above 0, not ${String(wanted)}`);
    return Math.max(granularity, Math.floor(Math.min(wanted, mostPieceBytes) / granularity) * granularity);
  }

  /** A session may come from a file or a database. */
  private check({ provider, id, offset, filename, mediaType }: Partial<UploadSession>): void {
    const isWhole =
      typeof id === "string" &&
      typeof filename === "string" &&
      typeof mediaType === "string" &&
      Number.isSafeInteger(offset) &&
      (offset ?? -1) >= 0;
    if (!isWhole) throw configError("The session is malformed: pass what `onSession` received");
    if (provider !== this.access.provider)
      throw configError(`The session belongs to "${String(provider)}", not to "${this.access.provider}"`);
  }
}
