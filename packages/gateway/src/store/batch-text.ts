import type { DialectId, ErrorCode, Kind } from "ai-lib";
import type { AttemptRecord, CallRecord, Meters } from "./call-record.js";
import type { LedgerBatch } from "./store.js";

type Cell = string | number | null;

/** A batch as JSON. Calls and attempts are rows of cells, one behind another, with the indices of their texts. */
interface Shape {
  readonly texts: readonly string[];
  readonly cells: readonly Cell[];
  /** Milliseconds that the times of calls count from, so that they are small numbers. */
  readonly base: number;
  readonly rates: LedgerBatch["rates"];
  readonly contents: LedgerBatch["contents"];
}

/**
 * Writes a batch as a text, for another thread. Texts that calls have in common are in it once: it takes a fraction of
 * the time and of the length of the same batch as JSON, and a structured clone takes longer still.
 */
export function encodeBatch({ calls, rates, contents }: LedgerBatch): string {
  const texts = new Texts();
  const base = calls[0]?.startedAt ?? 0;
  const cells: Cell[] = [];
  for (const call of calls) {
    const { startedAt, attempts } = call;
    cells.push(
      call.id,
      startedAt - base,
      call.endedAt - startedAt,
      call.firstContentMs ?? null,
      texts.of(call.key),
      texts.ofList(call.groups),
      texts.of(call.user),
      texts.of(call.session),
      texts.ofList(call.tags),
      texts.of(call.route),
      texts.of(call.kind),
      texts.of(call.mode),
      texts.of(call.dialect),
      texts.of(call.model),
      texts.of(call.status),
      texts.of(call.code),
      attempts.length,
    );
    for (const attempt of attempts) {
      const { meters } = attempt;
      cells.push(
        texts.of(attempt.provider),
        texts.of(attempt.model),
        texts.of(attempt.outcome),
        texts.of(attempt.code),
        attempt.status ?? null,
        attempt.startedAt - base,
        attempt.endedAt - attempt.startedAt,
        attempt.firstContentMs ?? null,
        attempt.estimated ? 1 : 0,
        texts.of(attempt.rate),
        attempt.billed ?? null,
        meters?.input ?? null,
      );
      if (meters === undefined) continue;
      const { others } = meters;
      cells.push(
        meters.output,
        meters.cached,
        meters.cacheWrite,
        meters.reasoning,
        others === undefined ? null : JSON.stringify(others),
      );
    }
  }
  return JSON.stringify({ texts: texts.all, cells, base, rates, contents } satisfies Shape);
}

/** Reads what {@link encodeBatch} wrote. */
export function decodeBatch(text: string): LedgerBatch {
  const shape = JSON.parse(text) as Shape;
  const { rates, contents } = shape;
  return { calls: new Reader(shape).calls(), rates, contents };
}

/** The texts of a batch, each once. Index 0 is none. */
class Texts {
  readonly all: string[] = [""];
  private readonly indices = new Map<string, number>();

  of(text: string | undefined): number {
    if (text === undefined) return 0;
    const known = this.indices.get(text);
    if (known !== undefined) return known;
    const index = this.all.length;
    this.indices.set(text, index);
    this.all.push(text);
    return index;
  }

  ofList(list: readonly string[]): number {
    return list.length === 0 ? 0 : this.of(JSON.stringify(list));
  }
}

const EMPTY: readonly string[] = [];

class Reader {
  /** Lists by the indices of their texts: calls share them. */
  private readonly lists: (readonly string[])[] = [EMPTY];
  private at = 0;

  constructor(private readonly shape: Shape) {}

  calls(): readonly CallRecord[] {
    const calls: CallRecord[] = [];
    while (this.at < this.shape.cells.length) calls.push(this.call());
    return calls;
  }

  private call(): CallRecord {
    const id = this.cell() as string;
    const startedAt = this.shape.base + this.number();
    return {
      id,
      startedAt,
      endedAt: startedAt + this.number(),
      firstContentMs: this.numberOrNone(),
      key: this.text() ?? "",
      groups: this.list(),
      user: this.text(),
      session: this.text(),
      tags: this.list(),
      route: this.text() ?? "",
      kind: this.text() as Kind,
      mode: this.text() as CallRecord["mode"],
      dialect: this.text() as DialectId,
      model: this.text(),
      status: this.text() as CallRecord["status"],
      code: this.text() as ErrorCode | undefined,
      attempts: this.attempts(),
    };
  }

  private attempts(): readonly AttemptRecord[] {
    const attempts: AttemptRecord[] = [];
    for (let left = this.number(); left > 0; left--) attempts.push(this.attempt());
    return attempts;
  }

  private attempt(): AttemptRecord {
    const provider = this.text() ?? "";
    const model = this.text() ?? "";
    const outcome = this.text() as AttemptRecord["outcome"];
    const code = this.text() as ErrorCode | undefined;
    const status = this.numberOrNone();
    const startedAt = this.shape.base + this.number();
    return {
      provider,
      model,
      outcome,
      code,
      status,
      startedAt,
      endedAt: startedAt + this.number(),
      firstContentMs: this.numberOrNone(),
      estimated: this.number() === 1,
      rate: this.text(),
      billed: this.numberOrNone(),
      meters: this.meters(),
    };
  }

  private meters(): Meters | undefined {
    const input = this.numberOrNone();
    if (input === undefined) return undefined;
    return {
      input,
      output: this.number(),
      cached: this.number(),
      cacheWrite: this.number(),
      reasoning: this.number(),
      others: this.others(),
    };
  }

  private others(): Meters["others"] {
    const text = this.cell();
    return text === null ? undefined : (JSON.parse(text as string) as Meters["others"]);
  }

  private list(): readonly string[] {
    const index = this.number();
    const known = this.lists[index];
    if (known !== undefined) return known;
    const list = JSON.parse(this.shape.texts[index] ?? "[]") as readonly string[];
    this.lists[index] = list;
    return list;
  }

  private text(): string | undefined {
    const index = this.number();
    return index === 0 ? undefined : this.shape.texts[index];
  }

  private numberOrNone(): number | undefined {
    return (this.cell() as number | null) ?? undefined;
  }

  private number(): number {
    return this.cell() as number;
  }

  private cell(): Cell | undefined {
    return this.shape.cells[this.at++];
  }
}
