import type { CallOptions } from "../core/contract/call.js";
import { type Clock, systemClock } from "../core/contract/clock.js";
import type { FileContent, FileStore, ListFilesOptions, StoredFile } from "../core/contract/file.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { closeContent, type UploadOptions, type UploadSession } from "../core/contract/upload.js";
import { AiLibError, configError } from "../core/errors/error.js";
import type { UploadedFile } from "../core/values/message.js";
import { type MediaHints, type MediaSource, type OpenedMedia, openMedia } from "./media-source.js";

/** Options that choose the store of a client. */
export interface StoreChoice {
  /** The provider id, if the client has several stores. Default: the first provider that has a store. */
  readonly provider?: string | undefined;
}

/** Files that one client remembers having uploaded. */
const MAX_REMEMBERED = 1_000;

/** A file that expires in less than these milliseconds is uploaded again: the call that names it takes time, too. */
const EXPIRY_MARGIN_MS = 60_000;

/** An upload that the client remembers. */
interface Remembered {
  readonly sent: Promise<StoredFile>;
  /** Set once it is there. */
  file?: StoredFile;
}

/**
 * The file stores of a client. If you pass only the id of a file, a method uses the store of `provider`, or the first
 * one.
 */
export class ClientFiles {
  /** By store and content; a failed upload is forgotten. */
  private readonly known = new Map<string, Remembered>();

  constructor(private readonly root: ChatProvider) {}

  /**
   * Uploads a file to a store as a stream. The source is a path, bytes, a blob or a stream. Every call creates a new file;
   * `client.uploadFile` uploads the same bytes only once.
   * @throws {AiLibError} `FILE_ERROR` for a file that cannot be read or is too large, with the limit in the message;
   *   `UNSUPPORTED_FEATURE` if no provider of the client has a store, or the store does not support an option; otherwise
   *   the errors of a call.
   */
  upload(source: MediaSource, options: UploadOptions & MediaHints & StoreChoice = {}): Promise<StoredFile> {
    return this.opened(source, options, (media, store, call) => this.send(media, store, call));
  }

  /** Like {@link upload}, but uploads the same bytes to the same store only once, until they are deleted or expire. */
  uploadOnce(
    source: MediaSource,
    options: UploadOptions & MediaHints & StoreChoice = {},
  ): Promise<StoredFile> {
    return this.opened(source, options, async (media, store, call) => {
      const send = () => this.send(media, store, call);
      const digest = call.session === undefined ? await digestOf(source, media.content) : undefined;
      if (digest === undefined) return send();
      const { provider, key, account } = store.target ?? { provider: store.name };
      const { purpose, expiresAfterMs, clock = systemClock } = call;
      const id = [provider, key, account, media.mediaType, purpose, expiresAfterMs, digest];
      return this.once(JSON.stringify(id), send, clock);
    });
  }

  /** Returns the information that the store has about a file. @throws {AiLibError} the errors of a call. */
  async get(file: string | UploadedFile, options: CallOptions & StoreChoice = {}): Promise<StoredFile> {
    const { provider, ...call } = options;
    return this.storeOf(file, provider).get(idOf(file), call);
  }

  /** Lists every file of a store; requests each page when you reach it. @throws {AiLibError} the errors of a call, while you iterate. */
  async *list(options: ListFilesOptions & StoreChoice = {}): AsyncGenerator<StoredFile, void, undefined> {
    const { provider, ...call } = options;
    yield* this.storeOf(undefined, provider).list(call);
  }

  /**
   * Returns the bytes of a file, read as fast as you consume them.
   * @throws {AiLibError} the errors of a call, also if the vendor does not return uploaded files (Anthropic, Gemini).
   */
  async content(file: string | UploadedFile, options: CallOptions & StoreChoice = {}): Promise<FileContent> {
    const { provider, ...call } = options;
    return this.storeOf(file, provider).content(idOf(file), call);
  }

  /** Deletes a file. @throws {AiLibError} the errors of a call. */
  async delete(file: string | UploadedFile, options: CallOptions & StoreChoice = {}): Promise<void> {
    const { provider, ...call } = options;
    const id = idOf(file);
    await this.storeOf(file, provider).delete(id, call);
    for (const [key, { file: stored }] of this.known) if (stored?.id === id) this.known.delete(key);
  }

  /**
   * Cancels an upload in pieces, identified by a session that `onSession` received.
   * @throws {AiLibError} `UNSUPPORTED_FEATURE` if the store does not support uploads in pieces; otherwise the errors of a
   *   call.
   */
  async cancelUpload(session: UploadSession, options?: CallOptions): Promise<UploadSession> {
    return this.storeOf(undefined, session.provider).cancelUpload(session, options);
  }

  /** Opens a source and tries the stores in order. */
  private async opened(
    source: MediaSource,
    options: UploadOptions & MediaHints & StoreChoice,
    send: (media: OpenedMedia, store: ChatProvider, call: UploadOptions) => Promise<StoredFile>,
  ): Promise<StoredFile> {
    const { provider: wanted = options.session?.provider, mediaType, name, ...call } = options;
    const stores = storesIn(this.root, wanted);
    const media = await openMedia(source, { mediaType, name });
    let refused: unknown;
    try {
      for (const store of stores) {
        try {
          return await send(media, store, call);
        } catch (error) {
          // Every prebuilt provider can be asked; one without a store refuses before it reads the file.
          if (!isWithoutStore(error)) throw error;
          refused ??= stores.length === 1 ? error : undefined;
        }
      }
      throw refused ?? this.noStore(wanted);
    } finally {
      // An upload that was not made gives everything back as well.
      closeContent(media.content);
    }
  }

  private async send(media: OpenedMedia, store: ChatProvider, options: UploadOptions): Promise<StoredFile> {
    const { content, size, name, mediaType } = media;
    const file = { content, size, filename: name, mediaType };
    return store.uploadFile?.(file, options) as Promise<StoredFile>;
  }

  private once(id: string, send: () => Promise<StoredFile>, clock: Clock): Promise<StoredFile> {
    const before = this.known.get(id);
    const expiresAt = before?.file?.expiresAt ?? Number.POSITIVE_INFINITY;
    if (before !== undefined && expiresAt - EXPIRY_MARGIN_MS > clock.now()) return before.sent;
    const entry: Remembered = { sent: send() };
    this.known.delete(id);
    this.known.set(id, entry);
    entry.sent.then(
      (file) => {
        entry.file = file;
      },
      () => {
        if (this.known.get(id) === entry) this.known.delete(id);
      },
    );
    const [oldest] = this.known.keys();
    if (this.known.size > MAX_REMEMBERED && oldest !== undefined) this.known.delete(oldest);
    return entry.sent;
  }

  private storeOf(file: string | UploadedFile | undefined, chosen: string | undefined): FileStore {
    const owner = typeof file === "object" ? file.provider : undefined;
    if (owner !== undefined && chosen !== undefined && owner !== chosen)
      throw configError(`The file is in the store of "${owner}", not of "${chosen}"`);
    const wanted = chosen ?? owner;
    for (const { files } of storesIn(this.root, wanted)) if (files !== undefined) return files;
    throw this.noStore(wanted);
  }

  private noStore(wanted: string | undefined): AiLibError {
    return new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message:
        wanted === undefined
          ? `${this.root.name} reaches no provider with a file store; send the file's bytes in the message`
          : `${this.root.name} reaches no file store of "${wanted}"`,
      local: true,
    });
  }
}

function idOf(file: string | UploadedFile): string {
  return typeof file === "string" ? file : file.id;
}

/** The leaves that have a store, in order: those of the wanted provider where one is named. */
function storesIn(provider: ChatProvider, wanted: string | undefined): readonly ChatProvider[] {
  const { members, uploadFile, target } = provider;
  const within = members?.flatMap((member) => storesIn(member, wanted)) ?? [];
  if (within.length > 0 || uploadFile === undefined) return within;
  return wanted === undefined || target?.provider === wanted ? [provider] : [];
}

function isWithoutStore(error: unknown): boolean {
  return AiLibError.is(error) && error.code === "UNSUPPORTED_FEATURE" && error.local;
}

/** The identity of the bytes. A stream can be read only once, so it has none beforehand. */
async function digestOf(
  source: MediaSource,
  content: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<string | undefined> {
  if (typeof source === "string") return (await import("#files")).digestFile(source);
  if (!(content instanceof Uint8Array)) return undefined;
  const digest = await crypto.subtle.digest("SHA-256", content as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
