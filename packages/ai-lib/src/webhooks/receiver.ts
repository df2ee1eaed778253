import { type Clock, systemClock } from "../core/contract/clock.js";
import { AiLibError, configError } from "../core/errors/error.js";
import { atLeast, refuseUnknown } from "../core/errors/options.js";
import type { WebhookDelivery, WebhookEvent, WebhookSource } from "./event.js";

/** What receives webhooks. */
export interface WebhookOptions {
  /** The vendors that may call. A delivery counts for the first whose signature is right. */
  readonly sources: WebhookSource | readonly WebhookSource[];
  /**
   * Receives every event once in this process, however often the vendor sends it. If it throws or rejects, the vendor
   * gets 500 and sends the event again. Vendors wait only seconds for the reply: store the event, and do the work
   * later.
   */
  readonly onEvent: (event: WebhookEvent) => unknown;
  /** Receives why a delivery was refused, such as for a log. */
  readonly onRefused?: ((error: AiLibError) => void) | undefined;
  /** How far the time of a signature may be from now, in milliseconds. Default 300,000: five minutes. */
  readonly toleranceMs?: number | undefined;
  /** Bytes that a delivery may have; a longer one is answered with 413. Default 1 MiB. */
  readonly maxBodyBytes?: number | undefined;
  readonly clock?: Clock | undefined;
}

const OPTION_NAMES: ReadonlySet<string> = new Set([
  "sources",
  "onEvent",
  "onRefused",
  "toleranceMs",
  "maxBodyBytes",
  "clock",
] satisfies (keyof WebhookOptions)[]);

const TOLERANCE_MS = 300_000;
const BODY_BYTES = 1024 * 1024;

/** Events that are remembered, so that their repeats are answered and not handed on. */
const MAX_REMEMBERED = 10_000;

/**
 * Checks deliveries and passes their events on, each once. It is independent of the transport (`node:http`, the web).
 */
export class WebhookReceiver {
  readonly maxBodyBytes: number;
  private readonly sources: readonly WebhookSource[];
  private readonly toleranceMs: number;
  private readonly clock: Clock;
  /** The status of each event. */
  private readonly known = new Map<string, Promise<number>>();

  /** @throws {AiLibError} `CONFIG_ERROR` for an unknown option, one out of range, or no source. */
  constructor(private readonly options: WebhookOptions) {
    refuseUnknown("webhook option", options, OPTION_NAMES);
    const { sources, toleranceMs, maxBodyBytes, clock } = options;
    this.sources = Array.isArray(sources) ? sources : [sources as WebhookSource];
    if (this.sources.length === 0) throw configError("`sources` must name at least one vendor");
    this.toleranceMs = atLeast("toleranceMs", toleranceMs ?? TOLERANCE_MS, 0, false);
    this.maxBodyBytes = atLeast("maxBodyBytes", maxBodyBytes ?? BODY_BYTES, 1, false);
    this.clock = clock ?? systemClock;
  }

  /**
   * Takes one delivery. Never rejects.
   * @returns the status to answer: 204, 400 for a body that is no JSON, 401 for a signature that is not right, 413 for a
   *   body that is too long, 500 where the handler failed.
   */
  async receive(delivery: WebhookDelivery): Promise<number> {
    try {
      if (delivery.body.length > this.maxBodyBytes) return 413;
      const event = await this.verified(delivery);
      const key = `${event.vendor} ${event.id}`;
      const before = this.known.get(key);
      if (before !== undefined) return await before;
      const handled = this.handle(event);
      this.known.set(key, handled);
      const status = await handled;
      // A failure is forgotten: the vendor sends the event again, and it is due then.
      if (status >= 500) this.known.delete(key);
      this.forgetOldest();
      return status;
    } catch (thrown) {
      const error = AiLibError.from(thrown);
      this.refused(error);
      if (error.code === "AUTH_FAILED") return 401;
      return error.code === "INVALID_REQUEST" ? 400 : 500;
    }
  }

  private async verified(delivery: WebhookDelivery): Promise<WebhookEvent> {
    const time = { now: this.clock.now(), toleranceMs: this.toleranceMs };
    let refusal: unknown;
    for (const source of this.sources) {
      try {
        return await source.verify(delivery, time);
      } catch (error) {
        // The signature is another vendor's, or missing. Any other failure says more.
        const isUnsigned = AiLibError.is(error) && error.code === "AUTH_FAILED";
        if (refusal === undefined || !isUnsigned) refusal = error;
      }
    }
    throw refusal;
  }

  private async handle(event: WebhookEvent): Promise<number> {
    try {
      await this.options.onEvent(event);
      return 204;
    } catch (error) {
      this.refused(AiLibError.from(error).withContext("`onEvent` failed"));
      return 500;
    }
  }

  private refused(error: AiLibError): void {
    try {
      this.options.onRefused?.(error);
    } catch {
      // The answer to the vendor does not depend on a log.
    }
  }

  private forgetOldest(): void {
    for (const key of this.known.keys()) {
      if (this.known.size <= MAX_REMEMBERED) return;
      this.known.delete(key);
    }
  }
}
