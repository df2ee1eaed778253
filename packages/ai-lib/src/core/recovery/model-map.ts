/** Models with longer names share one entry: the name comes from outside. */
const LONGEST_NAME = 256;
const LONG_NAME = "(a name of more than 256 characters)";

/**
 * Values by model name, for state about models that callers name: at most `limit` of them. Beyond it, the least
 * recently used entry is removed, idle ones first. `undefined` is for calls whose model is unknown.
 */
export class ModelMap<T> {
  private readonly values = new Map<string | undefined, T>();

  /** @param isIdle whether nothing is lost with a value */
  constructor(
    private readonly limit: number,
    private readonly isIdle: (value: T) => boolean,
  ) {}

  get size(): number {
    return this.values.size;
  }

  get(model: string | undefined): T | undefined {
    return this.values.get(nameOf(model));
  }

  /** The value of a model, which becomes the one most recently used. */
  use(model: string | undefined, make: () => T): T {
    const name = nameOf(model);
    const known = this.values.get(name);
    if (known !== undefined) {
      if (this.values.size > 1) {
        this.values.delete(name);
        this.values.set(name, known);
      }
      return known;
    }
    const made = make();
    this.set(model, made);
    return made;
  }

  set(model: string | undefined, value: T): void {
    const name = nameOf(model);
    if (!this.values.delete(name) && this.values.size >= this.limit) this.makeRoom();
    this.values.set(name, value);
  }

  delete(model: string | undefined): boolean {
    return this.values.delete(nameOf(model));
  }

  clear(): void {
    this.values.clear();
  }

  /** Models and their values, the one longest unused first. */
  entries(): IterableIterator<[string | undefined, T]> {
    return this.values.entries();
  }

  private makeRoom(): void {
    let [dropped] = this.values.keys();
    for (const [name, value] of this.values) {
      if (this.isIdle(value)) {
        dropped = name;
        break;
      }
    }
    this.values.delete(dropped);
  }
}

function nameOf(model: string | undefined): string | undefined {
  return model !== undefined && model.length > LONGEST_NAME ? LONG_NAME : model;
}
