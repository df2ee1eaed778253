const INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

type Inspect = (value: unknown, options?: object) => string;

/**
 * An object that shows a few names in JSON, in logs and in a debugger, and none of its fields: they may hold credentials,
 * environment variables, headers, or objects of the user that do.
 */
export abstract class Printable {
  /** The fields to show: names and targets, never a credential. */
  abstract toJSON(): Readonly<Record<string, unknown>>;

  /** What `console.log` and `util.inspect` of Node show. */
  [INSPECT](_depth: number, options: object, inspect?: Inspect): string {
    const shown = this.toJSON();
    const text = inspect?.(shown, { ...options, depth: null }) ?? JSON.stringify(shown);
    return `${this.constructor.name} ${text}`;
  }
}

/** Providers as JSON: the fields that each one shows, or the name of an object of the user's own. */
export function printMembers(members: readonly unknown[]): unknown[] {
  return members.map((member) => {
    if (member instanceof Printable) return member.toJSON();
    const { name, target } = member as { readonly name?: unknown; readonly target?: unknown };
    return { name, ...(target === undefined ? {} : { target }) };
  });
}
