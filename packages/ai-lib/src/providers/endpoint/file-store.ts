import {
  type FileCodec,
  type FileTarget,
  notInStore,
  type UploadFacts,
} from "../../apis/files/file-codec.js";
import { fileCodec } from "../../apis/files/index.js";
import { type CallContext, type CallOptions, contextOf } from "../../core/contract/call.js";
import type { FileContent, FileStore, ListFilesOptions, StoredFile } from "../../core/contract/file.js";
import type { FileUpload, UploadOptions, UploadSession } from "../../core/contract/upload.js";
import { AiLibError, configError } from "../../core/errors/error.js";
import {
  isPassing,
  MAX_POLL_FAILURES,
  pollDelay,
  type ResolvedPoll,
  resolvePoll,
} from "../../core/run/poll.js";
import { sleep } from "../../core/run/sleep.js";
import { multipartBody } from "../../wire/upload.js";
import { PieceUpload } from "./piece-upload.js";
import type { PreparedRequest } from "./requests.js";
import type { StoreAccess } from "./store-access.js";

/** The shortest expiry in milliseconds that a store offers. */
const LEAST_EXPIRY_MS = 3_600_000;

/** The file store of one endpoint. */
export class EndpointFiles implements FileStore {
  private readonly codec: FileCodec;

  constructor(private readonly access: StoreAccess) {
    this.codec = fileCodec(access.store.api);
  }

  async upload(file: FileUpload, options: UploadOptions = {}): Promise<StoredFile> {
    const { waitUntilReady = this.codec.processes === true, ...rest } = options;
    const { onProgress, purpose, expiresAfterMs, onSession, session, pieceBytes, ...call } = rest;
    const poll =
      waitUntilReady === false ? undefined : resolvePoll(waitUntilReady === true ? {} : waitUntilReady);
    const context = contextOf(call);
    const choices = { onProgress, purpose, expiresAfterMs, onSession, session, pieceBytes };
    const stored = await this.store(file, choices, context);
    return poll === undefined ? stored : this.processed(stored, poll, context);
  }

  private async store(
    file: FileUpload,
    { onProgress, purpose, expiresAfterMs, onSession, session, pieceBytes }: UploadOptions,
    context: CallContext,
  ): Promise<StoredFile> {
    checkExpiry(expiresAfterMs);
    const { filename, mediaType, content } = file;
    const size = content instanceof Uint8Array ? content.length : file.size;
    const facts: UploadFacts = { filename, mediaType, size, purpose, expiresAfterMs };
    if (this.access.store.purpose === null && purpose === undefined)
      throw notInStore('files for chats: name a `purpose`, such as "batch"', this.access);
    if (this.access.store.expiry === false && expiresAfterMs !== undefined)
      throw notInStore("choice of expiry", this.access);
    const { form, pieces } = this.codec;
    const wanted = onSession !== undefined || session !== undefined || pieceBytes !== undefined;
    const isLarge = size !== undefined && size > this.access.store.maxBytes;
    if (form !== undefined && !wanted && !(isLarge && pieces !== undefined))
      return this.inForm(form, file, facts, context, onProgress);
    if (pieces === undefined) throw notInStore("uploads in pieces", this.access);
    const upload = new PieceUpload(pieces, this.access, this.target, context);
    return upload.run(file, facts, { onProgress, onSession, session, pieceBytes });
  }

  /**
   * The file once the store has processed it. A poll that fails temporarily is repeated.
   * @throws {AiLibError} `FILE_ERROR` for a file that the store could not process; `TIMEOUT` past the deadline.
   */
  private async processed(stored: StoredFile, poll: ResolvedPoll, context: CallContext): Promise<StoredFile> {
    const { clock, random, signal, deadline } = context;
    let file = stored;
    let failures = 0;
    for (let asked = 0; file.state === "pending"; asked++) {
      const delay = pollDelay(poll, asked, random);
      // After the deadline, the poll itself is refused.
      await sleep(Math.max(0, Math.min(delay, deadline - clock.now())), clock, signal);
      try {
        file = await this.read(stored.id, context);
        failures = 0;
      } catch (error) {
        failures++;
        if (failures >= MAX_POLL_FAILURES || !isPassing(AiLibError.from(error))) throw error;
      }
    }
    if (file.state !== "failed") return file;
    throw new AiLibError({
      code: "FILE_ERROR",
      message: `The file store of ${this.access.provider} could not process the file ${stored.id}`,
    });
  }

  get(id: string, options?: CallOptions): Promise<StoredFile> {
    return this.read(id, contextOf(options));
  }

  private read(id: string, context: CallContext): Promise<StoredFile> {
    const { codec, target } = this;
    return this.access.send(codec.get(id, target), context, (reply, redact) =>
      codec.file(reply, { ...target, redact }),
    );
  }

  async *list(options: ListFilesOptions = {}): AsyncGenerator<StoredFile, void, undefined> {
    const { purpose, pageSize, ...call } = options;
    const { codec, target } = this;
    let http = codec.list({ purpose, pageSize }, target);
    for (;;) {
      const query = http.query ?? {};
      const { files, next } = await this.access.send(http, contextOf(call), (reply, redact) =>
        codec.page(reply, query, { ...target, redact }),
      );
      yield* files;
      if (next === undefined) return;
      http = { ...http, query: next };
    }
  }

  content(id: string, options?: CallOptions): Promise<FileContent> {
    return this.access.read(this.codec.content(id, this.target), contextOf(options));
  }

  delete(id: string, options?: CallOptions): Promise<void> {
    // A reply of 2xx means that it was deleted, whatever the body.
    return this.access.send(this.codec.delete(id, this.target), contextOf(options), () => undefined);
  }

  async cancelUpload(session: UploadSession, options?: CallOptions): Promise<UploadSession> {
    const { pieces } = this.codec;
    if (pieces === undefined) throw notInStore("uploads in pieces", this.access);
    return new PieceUpload(pieces, this.access, this.target, contextOf(options)).cancel(session);
  }

  private get target(): FileTarget {
    const { provider, store } = this.access;
    return { provider, path: store.path, purpose: store.purpose ?? undefined, redact: (text) => text };
  }

  private inForm(
    form: NonNullable<FileCodec["form"]>,
    file: FileUpload,
    facts: UploadFacts,
    context: CallContext,
    onProgress: UploadOptions["onProgress"],
  ): Promise<StoredFile> {
    const { codec, target } = this;
    const { maxBytes } = this.access.store;
    const limits = { maxBytes, onProgress };
    const { headers, body } = multipartBody(form.fields(facts, target), "file", file, context.random, limits);
    const http: PreparedRequest = {
      method: "POST",
      path: form.path(target),
      headers: { ...form.headers, ...headers },
      pieces: body,
    };
    return this.access.send(http, context, (reply, redact) => codec.file(reply, { ...target, redact }));
  }
}

/** @throws {AiLibError} `CONFIG_ERROR` for anything but a number of at least an hour. */
function checkExpiry(ms: number | undefined): void {
  if (ms !== undefined && !(Number.isFinite(ms) && ms >= LEAST_EXPIRY_MS))
    throw configError(
      `\`expiresAfterMs\` must be a number of milliseconds of at least one hour (${LEAST_EXPIRY_MS}), not ${String(ms)}`,
    );
}
