/** Label values in the order of the family's label names. */
type Labels = readonly string[];

/** Series by the values of their labels, one level for each. A joined name would be a new text for each observation. */
interface Branch<S> {
  readonly next: Map<string, Branch<S>>;
  state: S | undefined;
}

/** One metric with all its series, in the text format of Prometheus. */
abstract class Family<S> {
  private readonly root: Branch<S> = { next: new Map(), state: undefined };
  private readonly series: { readonly labels: Labels; readonly state: S }[] = [];

  constructor(
    readonly name: string,
    private readonly help: string,
    private readonly type: "counter" | "gauge" | "histogram",
    protected readonly names: readonly string[],
  ) {}

  /** All lines of the family, each with its line end; empty without series. */
  expose(): string {
    if (this.series.length === 0) return "";
    let text = `# HELP ${this.name} ${escapeHelp(this.help)}\n# TYPE ${this.name} ${this.type}\n`;
    for (const { labels, state } of this.series) text += this.lines(labels, state);
    return text;
  }

  protected abstract lines(labels: Labels, state: S): string;

  protected at(labels: Labels, fresh: () => S): S {
    let branch = this.root;
    for (const label of labels) {
      let next = branch.next.get(label);
      if (next === undefined) {
        next = { next: new Map(), state: undefined };
        branch.next.set(label, next);
      }
      branch = next;
    }
    if (branch.state === undefined) {
      branch.state = fresh();
      this.series.push({ labels: [...labels], state: branch.state });
    }
    return branch.state;
  }

  protected line(suffix: string, labels: Labels, value: number, bound?: string): string {
    const pairs = this.names.map((name, i) => `${name}="${escapeLabel(labels[i] ?? "")}"`);
    if (bound !== undefined) pairs.push(`le="${bound}"`);
    const set = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
    return `${this.name}${suffix}${set} ${numberText(value)}\n`;
  }
}

/** A number that only grows. */
export class Counter extends Family<{ value: number }> {
  constructor(name: string, help: string, names: readonly string[]) {
    super(name, help, "counter", names);
  }

  add(labels: Labels, by = 1): void {
    this.at(labels, zero).value += by;
  }

  protected lines(labels: Labels, state: { value: number }): string {
    return this.line("", labels, state.value);
  }
}

/** A number that goes up and down. */
export class Gauge extends Family<{ value: number }> {
  constructor(name: string, help: string, names: readonly string[]) {
    super(name, help, "gauge", names);
  }

  add(labels: Labels, by: number): void {
    this.at(labels, zero).value += by;
  }

  set(labels: Labels, value: number): void {
    this.at(labels, zero).value = value;
  }

  protected lines(labels: Labels, state: { value: number }): string {
    return this.line("", labels, state.value);
  }
}

interface Spread {
  /** Observations by bucket, not cumulative; the last bucket is +Inf. */
  readonly counts: number[];
  sum: number;
}

/** A distribution of values over buckets. */
export class Histogram extends Family<Spread> {
  constructor(
    name: string,
    help: string,
    names: readonly string[],
    /** Upper bounds, ascending. */
    private readonly bounds: readonly number[],
  ) {
    super(name, help, "histogram", names);
  }

  observe(labels: Labels, value: number): void {
    const spread = this.at(labels, this.fresh);
    let bucket = 0;
    // A value that is no number is above all bounds.
    while (bucket < this.bounds.length && !(value <= (this.bounds[bucket] ?? 0))) bucket++;
    spread.counts[bucket] = (spread.counts[bucket] ?? 0) + 1;
    spread.sum += value;
  }

  private readonly fresh = (): Spread => ({ counts: this.bounds.map(() => 0).concat(0), sum: 0 });

  protected lines(labels: Labels, { counts, sum }: Spread): string {
    let text = "";
    let total = 0;
    counts.forEach((count, i) => {
      total += count;
      const bound = this.bounds[i];
      text += this.line("_bucket", labels, total, bound === undefined ? "+Inf" : numberText(bound));
    });
    return text + this.line("_sum", labels, sum) + this.line("_count", labels, total);
  }
}

function zero(): { value: number } {
  return { value: 0 };
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return String(value);
}

function escapeHelp(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n");
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replace(/"/g, '\\"');
}
