import { join } from "node:path";
import { deferredFlow } from "../../core/contract/deferred-flow.js";
import type { ServerHalf } from "../../core/contract/dialect.js";
import type { Flow } from "../../core/contract/sink.js";
import type { Transport, TransportRequest, TransportSink } from "../../core/contract/transport.js";
import { AiLibError, configError } from "../../core/errors/error.js";
import { refuseUnknown } from "../../core/errors/options.js";
import { joinBytes } from "../../core/values/join-bytes.js";
import { LIMITS } from "../../core/values/limits.js";
import { redactor } from "../../core/values/redact.js";
import { SecretMask } from "../../core/values/secret-mask.js";
import { secretsOfRequest } from "../../providers/endpoint/secrets.js";
import { defaultTransport } from "../../providers/endpoint/transport.js";
import { serverHalves } from "../../serve/halves.js";
import { type AskedRequest, askedRequest, hashOf } from "./asked.js";
import { Recorder } from "./recorder.js";
import {
  fileName,
  nearestRecording,
  type RecordedReply,
  readRecording,
  shown,
  writeRecording,
} from "./recording.js";
import { replay } from "./replay.js";

/** Options of {@link recorded}; all optional. */
export interface RecordedOptions {
  /**
   * - `"auto"`: a request that has a recording is answered by it; any other is sent and recorded.
   * - `"replay"`: nothing is sent. A request without a recording fails with `CONFIG_ERROR`. For continuous integration.
   * - `"record"`: every request is sent, and replaces its recording.
   *
   * Default `"auto"`.
   */
  readonly mode?: "auto" | "replay" | "record" | undefined;
  /** `"instant"`: recorded replies come without waits. `"recorded"`: with the times of the recording. Default `"instant"`. */
  readonly timing?: "instant" | "recorded" | undefined;
  /** Sends the requests that are recorded. Default: that of the platform. */
  readonly transport?: Transport | undefined;
  /**
   * What a request is matched by: what it returns must be JSON. Use it to leave out what differs in every run, such as
   * a date in the instructions. Default: the whole {@link AskedRequest}, which has no headers.
   */
  readonly match?: ((asked: AskedRequest) => unknown) | undefined;
  /**
   * Headers of replies to record besides `content-type`, `retry-after`, `retry-after-ms` and `x-should-retry`, such as
   * `"x-ratelimit-remaining-requests"`.
   */
  readonly keepHeaders?: readonly string[] | undefined;
}

const OPTIONS: ReadonlySet<string> = new Set([
  "mode",
  "timing",
  "transport",
  "match",
  "keepHeaders",
] satisfies (keyof RecordedOptions)[]);

/**
 * A transport that records replies of real providers into files, and plays them. Tests then run without network and
 * keys, through the real dialects, strategies and wrappers.
 *
 * A request is matched by what it asks: method, host, path, and the request that a dialect reads from the body. Headers,
 * keys, random ids and the order of fields make no difference. Each request has one file in the folder, which holds its
 * replies in order with their times. A request that is sent again gets the reply that followed; the last one repeats.
 * Files hold no headers of requests, no keys, and no headers of replies but the few that matter.
 *
 * Replies that the caller aborts are not recorded.
 *
 * @example
 * const openai = provider("openai", { apiKey: process.env.OPENAI_API_KEY ?? "unused", transport: recorded("test/recordings") });
 * @param folder where the files are; it is made when the first one is written
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option or a wrong value.
 */
export function recorded(folder: string, options: RecordedOptions = {}): Transport {
  refuseUnknown("option of recorded", options, OPTIONS);
  const { mode = "auto", timing = "instant" } = options;
  if (mode !== "auto" && mode !== "replay" && mode !== "record")
    throw configError(`mode must be "auto", "replay" or "record", not ${String(mode)}`);
  if (timing !== "instant" && timing !== "recorded")
    throw configError(`timing must be "instant" or "recorded", not ${String(timing)}`);
  return new RecordedTransport(folder, { ...options, mode, timing });
}

/** The recording of one request, as far as this transport has used it. */
interface Episode {
  /** A recorded episode answers by itself; else replies are added to it. */
  readonly recorded: boolean;
  readonly replies: RecordedReply[];
  /** The reply that comes next. */
  next: number;
}

class RecordedTransport implements Transport {
  private readonly episodes = new Map<string, Episode>();
  private readonly keepHeaders: ReadonlySet<string>;
  private halves: Promise<readonly ServerHalf[]> | undefined;

  constructor(
    private readonly folder: string,
    private readonly options: RecordedOptions & { readonly mode: string; readonly timing: string },
  ) {
    this.keepHeaders = new Set((options.keepHeaders ?? []).map((name) => name.toLowerCase()));
  }

  open(request: TransportRequest, sink: TransportSink): Flow {
    return deferredFlow(
      this.prepare(request),
      (prepared) => this.answer(prepared, sink),
      (error) => sink.fail(AiLibError.from(error, "CONFIG_ERROR")),
    );
  }

  secrets(url: string): readonly string[] {
    return this.options.transport?.secrets?.(url) ?? [];
  }

  async close(): Promise<void> {
    await this.options.transport?.close?.();
  }

  private async prepare(request: TransportRequest): Promise<Prepared> {
    this.halves ??= serverHalves();
    const body = await wholeBody(request.body);
    const asked = askedRequest(request, body, await this.halves);
    const hash = hashOf(this.options.match === undefined ? asked : this.options.match(asked));
    const episode = this.episodeOf(asked, hash);
    if (episode.recorded) return { type: "recorded", episode, clock: request.clock };
    if (this.options.mode === "replay") throw this.missing(asked, hash);
    const transport = this.options.transport ?? (await defaultTransport());
    return {
      type: "sent",
      transport,
      asked,
      hash,
      episode,
      request: body === undefined ? request : { ...request, body },
    };
  }

  private episodeOf(asked: AskedRequest, hash: string): Episode {
    const known = this.episodes.get(hash);
    if (known !== undefined) return known;
    const recording =
      this.options.mode === "record" ? undefined : readRecording(join(this.folder, fileName(asked, hash)));
    const replies = [...(recording?.replies ?? [])];
    const episode = { recorded: replies.length > 0, replies, next: 0 };
    this.episodes.set(hash, episode);
    return episode;
  }

  private answer(prepared: Prepared, sink: TransportSink): Flow {
    if (prepared.type === "recorded") {
      const { episode, clock } = prepared;
      const at = Math.min(episode.next++, episode.replies.length - 1);
      const reply = episode.replies[at] as RecordedReply;
      return replay(reply, sink, this.options.timing === "recorded" ? clock : undefined);
    }
    const { transport, request, asked, hash, episode } = prepared;
    const secrets = new SecretMask(() => [
      ...secretsOfRequest(request.url, request.headers),
      ...(transport.secrets?.(request.url) ?? []),
    ]);
    const redact = redactor();
    const mask = (text: string) => redact(secrets.text(text));
    const recorder = new Recorder(sink, {
      clock: request.clock,
      keepHeaders: this.keepHeaders,
      mask,
      save: (reply) => {
        episode.replies.push(reply);
        const safe = JSON.parse(mask(JSON.stringify(shown(asked)))) as AskedRequest;
        writeRecording(this.folder, {
          format: "ai-lib-recording",
          version: 1,
          asked: safe,
          hash,
          replies: episode.replies,
        });
      },
    });
    return transport.open(request, recorder);
  }

  private missing(asked: AskedRequest, hash: string): AiLibError {
    const { method, host, path } = asked;
    const nearest = nearestRecording(this.folder, asked);
    return configError(
      `There is no recording of ${method} ${host}${path} in ${this.folder} (${fileName(asked, hash)}). ` +
        `${nearest === undefined ? "" : `${nearest}. `}Record it with mode "auto" or "record"`,
    );
  }
}

type Prepared =
  | { readonly type: "recorded"; readonly episode: Episode; readonly clock: TransportRequest["clock"] }
  | {
      readonly type: "sent";
      readonly transport: Transport;
      readonly request: TransportRequest;
      readonly asked: AskedRequest;
      readonly hash: string;
      readonly episode: Episode;
    };

/** @throws {AiLibError} `FILE_ERROR` for a streamed body beyond the limit of bodies. */
async function wholeBody(body: TransportRequest["body"]): Promise<Uint8Array | undefined> {
  if (body === undefined) return undefined;
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LIMITS.bodyBytes)
      throw new AiLibError({
        code: "FILE_ERROR",
        message: `A body of more than ${LIMITS.bodyBytes} bytes cannot be recorded`,
      });
    chunks.push(chunk);
  }
  return joinBytes(chunks, size);
}
