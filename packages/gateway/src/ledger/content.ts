import type { Attempt } from "ai-lib";
import { redactor } from "ai-lib/logs";

/** The most characters of one stored text. */
const MAX_TEXT = 20_000;

/** The most characters of a stored request or answer, as JSON. */
const MAX_JSON = 500_000;

/** The most characters of the message of an error, and the most messages of one call. */
const MAX_MESSAGE = 2_000;
const MAX_MESSAGES = 20;

/** Secrets shorter than this are not looked for: they would be found in ordinary words. */
const MIN_SECRET = 8;

/** Keys of this gateway. */
const OWN_KEYS = /\baik_[A-Za-z0-9_-]{8,}/g;

/** Fields of an answer that are no content, or that repeat its message. */
const BESIDES: ReadonlySet<string> = new Set([
  ...[
    "attempts",
    "cost",
    "headers",
    "provider",
    "raw",
    "rateLimits",
    "requestId",
    "usage",
    "usageStatus",
    "warnings",
  ],
  ...["content", "text", "reasoningText", "toolCalls"],
]);

/** Writes what clients asked and got as JSON without secrets. */
export class ContentWriter {
  private readonly redact: (text: string) => string;
  /** Characters behind the cut in which a secret that begins before it may end. */
  private readonly behindCut: number;

  /** @param secrets texts that are removed, besides whatever looks like a credential */
  constructor(secrets: Iterable<string>) {
    const known = [...new Set(secrets)].filter((secret) => secret.length >= MIN_SECRET);
    this.behindCut = known.reduce((most, { length }) => Math.max(most, length), 1_000);
    this.redact = redactor([
      OWN_KEYS,
      (text) => known.reduce((left, secret) => left.replaceAll(secret, "[redacted]"), text),
    ]);
  }

  /** JSON of an answer, without what the ledger has of it anyway. */
  writeAnswer(answer: object): string {
    return this.write(Object.fromEntries(Object.entries(answer).filter(([name]) => !BESIDES.has(name))));
  }

  /**
   * JSON of why attempts failed or were skipped: a list of their numbers, from 0, with messages.
   * @returns undefined where all succeeded
   */
  writeErrors(attempts: readonly Attempt[]): string | undefined {
    const found = attempts.flatMap(({ message }, attempt) =>
      message === undefined ? [] : [{ attempt, message: this.safe(message, MAX_MESSAGE) }],
    );
    return found.length === 0 ? undefined : JSON.stringify(found.slice(0, MAX_MESSAGES));
  }

  /** JSON of a value: long texts are cut, bytes are left out, secrets are removed. */
  write(value: unknown): string {
    const text = JSON.stringify(value, (_name, part: unknown) => {
      if (part instanceof Uint8Array || part instanceof ArrayBuffer) return `[${part.byteLength} bytes]`;
      if (typeof part === "string") return this.safe(part);
      return typeof part === "object" && part !== null && !Array.isArray(part)
        ? this.withSafeNames(part)
        : part;
    });
    return text === undefined || text.length > MAX_JSON
      ? JSON.stringify(`[${text?.length ?? 0} characters]`)
      : text;
  }

  /** An object without secrets in the names of its properties, such as those of a tool's arguments. */
  private withSafeNames(part: object): object {
    const isSafe = (name: string) => name.length < MIN_SECRET || this.safe(name) === name;
    if (Object.keys(part).every(isSafe)) return part;
    return Object.fromEntries(Object.entries(part).map(([name, value]) => [this.safe(name), value]));
  }

  private safe(text: string, most = MAX_TEXT): string {
    // Redacted before it is cut: a secret that is cut in two would not be found.
    if (text.length <= most) return this.redact(text);
    const kept = this.redact(text.slice(0, most + this.behindCut)).slice(0, most);
    return `${kept}[${text.length - most} more characters]`;
  }
}
