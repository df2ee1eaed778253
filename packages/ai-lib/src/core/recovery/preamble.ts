import type { Call } from "../contract/call.js";
import type { KindLaws } from "../kinds/laws.js";
import type { EventOf } from "../values/kinds.js";
import { LIMITS } from "../values/limits.js";

const NONE: readonly EventOf[] = [];

/** The assumed characters of an event whose kind does not name its size. */
const DEFAULT_SIZE = 64;

/**
 * The events of one attempt before its first content. A layer holds them back until it knows that this attempt's
 * answer is the one for the caller. Bounded: at most 256 KiB, and no notice (a warning, an empty delta) once there are
 * 64 events.
 */
export class Preamble {
  /** Made for the first event: a whole answer has none. */
  private events: EventOf[] | undefined;
  private characters = 0;
  private readonly laws: KindLaws;

  constructor(call: Call) {
    this.laws = call.laws as KindLaws;
  }

  /** Holds an event back. @returns false where it does not fit: the event is not held */
  hold(event: EventOf): boolean {
    const characters = this.characters + (this.laws.sizeOf?.(event) ?? DEFAULT_SIZE);
    if (characters > LIMITS.preambleCharacters) return false;
    this.events ??= [];
    if (this.events.length >= LIMITS.preambleEvents && this.isNotice(event)) return false;
    this.characters = characters;
    this.events.push(event);
    return true;
  }

  /** Whether a reader can do without an event. */
  isNotice(event: EventOf): boolean {
    return this.laws.isNotice?.(event) ?? false;
  }

  /** Returns the held events in order and forgets them. */
  take(): readonly EventOf[] {
    const { events } = this;
    if (events === undefined) return NONE;
    this.events = undefined;
    this.characters = 0;
    return events;
  }
}
