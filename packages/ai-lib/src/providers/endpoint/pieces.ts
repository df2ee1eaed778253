import type { Pieces } from "../../core/contract/dialect.js";
import type { Flow } from "../../core/contract/sink.js";
import type { AiLibError } from "../../core/errors/error.js";
import type { Warning } from "../../core/values/answer.js";
import type { Kind, ReplyOf, RequestOf, ResponseOf } from "../../core/values/kinds.js";
import type { ExchangeRun } from "./exchange-parts.js";

/** Exchanges of one call that run at a time. */
const AT_ONCE = 4;

/** An attempt, as the exchange of a piece sees it. */
export interface PieceRun extends ExchangeRun {
  warn(warning: Warning): void;
}

/**
 * Sends a request in pieces, a few at a time, and answers with their replies joined. The first failure ends the
 * attempt; its error has the results of the pieces before the first missing one.
 * @param open opens the exchange of one piece
 * @param respond makes a response of a reply, for the part that is kept
 */
export function openPieces(
  { join }: Pieces<Kind>,
  requests: readonly RequestOf[],
  run: PieceRun,
  open: (request: RequestOf, run: PieceRun) => Flow,
  respond: (reply: ReplyOf) => ResponseOf,
): Flow {
  const pieced = new PiecedRun(requests, run, join, open, respond);
  pieced.next();
  return pieced;
}

class PiecedRun implements Flow {
  private readonly replies: ReplyOf[] = [];
  private readonly running = new Map<number, Flow>();
  private begun = 0;
  private done = 0;
  private paused = false;
  private over = false;

  constructor(
    private readonly requests: readonly RequestOf[],
    private readonly run: PieceRun,
    private readonly join: Pieces<Kind>["join"],
    private readonly open: (request: RequestOf, run: PieceRun) => Flow,
    private readonly respond: (reply: ReplyOf) => ResponseOf,
  ) {}

  /** Begins pieces until as many run as may. */
  next(): void {
    while (!this.over && !this.paused && this.running.size < AT_ONCE && this.begun < this.requests.length) {
      const index = this.begun++;
      this.running.set(index, this.open(this.requests[index] as RequestOf, this.piece(index)));
    }
  }

  private piece(index: number): PieceRun {
    const { run } = this;
    const settled = () => this.over || !this.running.has(index);
    return {
      get over() {
        return settled();
      },
      // Kinds whose requests go in pieces do not stream.
      size: 0,
      set rateLimits(limits: ExchangeRun["rateLimits"]) {
        run.rateLimits = limits;
      },
      set secrets(secrets: ExchangeRun["secrets"]) {
        run.secrets = secrets;
      },
      set raw(raw: unknown) {
        run.raw = raw;
      },
      touch: () => run.touch(),
      replied: (requestId, headers) => run.replied(requestId, headers),
      warn: (warning) => {
        // The pieces of one request raise the same warnings.
        if (index === 0) run.warn(warning);
      },
      reply: (reply) => this.replied(index, reply),
      fail: (error) => this.fail(index, error),
    };
  }

  private replied(index: number, reply: ReplyOf): void {
    if (this.over || !this.running.delete(index)) return;
    this.replies[index] = reply;
    this.done++;
    if (this.done < this.requests.length) {
      this.next();
      return;
    }
    this.over = true;
    this.run.reply(this.join(this.replies));
  }

  private fail(index: number, error: AiLibError): void {
    if (this.over) return;
    this.running.delete(index);
    this.stop();
    this.run.fail(this.withPartial(error));
  }

  /** The error with the results, in order, before the first missing piece. */
  private withPartial(error: AiLibError): AiLibError {
    const missing = this.requests.findIndex((_, i) => this.replies[i] === undefined);
    if (missing <= 0) return error;
    const kept = `${missing} of ${this.requests.length} pieces of the request were answered, and are in \`partial\``;
    return error.with({
      message: `${error.message} (${kept})`,
      partial: this.respond(this.join(this.replies.slice(0, missing))),
    });
  }

  private stop(reason?: unknown): void {
    this.over = true;
    for (const flow of this.running.values()) flow.abort(reason);
    this.running.clear();
  }

  pause(): void {
    this.paused = true;
    for (const flow of this.running.values()) flow.pause();
  }

  resume(): void {
    this.paused = false;
    for (const flow of this.running.values()) flow.resume();
    this.next();
  }

  abort(reason?: unknown): undefined {
    if (!this.over) this.stop(reason);
  }
}
