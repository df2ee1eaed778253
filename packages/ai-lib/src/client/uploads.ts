import type { ChatProvider } from "../core/contract/provider.js";
import { closeContent, type UploadOptions } from "../core/contract/upload.js";
import { AiLibError } from "../core/errors/error.js";
import type { UploadedFile } from "../core/values/message.js";
import { type MediaHints, type MediaSource, type OpenedMedia, openMedia } from "./media-source.js";

/** Whose store a client uploads to. */
export interface StoreChoice {
  /** The provider id, where the client reaches several stores. Default: the first that has one. */
  readonly provider?: string | undefined;
}

/** Files that one client remembers having uploaded. */
const MAX_REMEMBERED = 1_000;

/** Uploads of one client: the same bytes go to the same store once. */
export class Uploads {
  /** By store and content; a failed upload is forgotten. */
  private readonly known = new Map<string, Promise<UploadedFile>>();

  constructor(private readonly root: ChatProvider) {}

  /** See {@link AiClient.uploadFile}. */
  async upload(
    source: MediaSource,
    options: UploadOptions & MediaHints & StoreChoice = {},
  ): Promise<UploadedFile> {
    const { provider: wanted, mediaType, name, onProgress, ...call } = options;
    const stores = storesIn(this.root, wanted);
    const media = await openMedia(source, { mediaType, name });
    try {
      for (const store of stores) {
        try {
          return await this.send(source, media, store, { ...call, onProgress });
        } catch (error) {
          // Every prebuilt provider can be asked; one without a store refuses before it reads the file.
          if (!isWithoutStore(error)) throw error;
        }
      }
      throw this.noStore(wanted);
    } finally {
      // An upload that was not made gives everything back as well.
      closeContent(media.content);
    }
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

  private async send(
    source: MediaSource,
    media: OpenedMedia,
    store: ChatProvider,
    options: UploadOptions,
  ): Promise<UploadedFile> {
    const file = {
      content: media.content,
      size: media.size,
      filename: media.name,
      mediaType: media.mediaType,
    };
    const send = () => store.uploadFile?.(file, options) as Promise<UploadedFile>;
    const digest = await digestOf(source, media.content);
    if (digest === undefined) return send();
    const { provider, key, account } = store.target ?? { provider: store.name };
    return this.once(JSON.stringify([provider, key, account, media.mediaType, digest]), send);
  }

  private once(id: string, send: () => Promise<UploadedFile>): Promise<UploadedFile> {
    const before = this.known.get(id);
    if (before !== undefined) return before;
    const sent = send();
    this.known.set(id, sent);
    sent.catch(() => this.known.delete(id));
    const [oldest] = this.known.keys();
    if (this.known.size > MAX_REMEMBERED && oldest !== undefined) this.known.delete(oldest);
    return sent;
  }
}

/** The leaves that uploads can be tried at, in order: those of the wanted provider where one is named. */
function storesIn(provider: ChatProvider, wanted: string | undefined): readonly ChatProvider[] {
  const { members, uploadFile, target } = provider;
  const within = members?.flatMap((member) => storesIn(member, wanted)) ?? [];
  if (within.length > 0 || uploadFile === undefined) return within;
  return wanted === undefined || target?.provider === wanted ? [provider] : [];
}

function isWithoutStore(error: unknown): boolean {
  return AiLibError.is(error) && error.code === "UNSUPPORTED_FEATURE" && error.local;
}

/** What the bytes are known by. A stream can be read only once, so that it is never known beforehand. */
async function digestOf(
  source: MediaSource,
  content: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<string | undefined> {
  if (typeof source === "string") return (await import("#files")).digestFile(source);
  if (!(content instanceof Uint8Array)) return undefined;
  const digest = await crypto.subtle.digest("SHA-256", content as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
