/** Uses of one model on one route after which its usual use is known. */
const MIN_SAMPLES = 20;

/** The latest uses of each model; older ones are forgotten. */
const SAMPLES = 200;

/** Models that are remembered; beyond it the one that was asked least recently is dropped. */
const MAX_MODELS = 1_000;

/** What one call used. */
export interface Use {
  readonly tokens: number;
  /** In billionths of a dollar. */
  readonly dollars: number;
}

interface Samples {
  readonly uses: Use[];
  next: number;
  /** Computed again after so many further samples. */
  usual: Use | undefined;
  stale: number;
}

/** What calls of each model usually use: of 100 calls, 95 use no more. */
export class UsualUse {
  private readonly models = new Map<string, Samples>();

  /** Adds what a successful call used. */
  add(name: string, use: Use): void {
    const samples = this.models.get(name) ?? { uses: [], next: 0, usual: undefined, stale: 0 };
    samples.uses[samples.next % SAMPLES] = use;
    samples.next++;
    samples.stale++;
    this.models.delete(name);
    this.models.set(name, samples);
    if (this.models.size <= MAX_MODELS) return;
    const [oldest] = this.models.keys();
    if (oldest !== undefined) this.models.delete(oldest);
  }

  /** The 95th percentile; undefined for a model that has answered too few calls. */
  of(name: string): Use | undefined {
    const samples = this.models.get(name);
    if (samples === undefined || samples.uses.length < MIN_SAMPLES) return undefined;
    if (samples.usual === undefined || samples.stale >= MIN_SAMPLES) {
      samples.usual = { tokens: p95(samples.uses, "tokens"), dollars: p95(samples.uses, "dollars") };
      samples.stale = 0;
    }
    return samples.usual;
  }
}

function p95(uses: readonly Use[], what: keyof Use): number {
  const sorted = uses.map((use) => use[what]).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
}
