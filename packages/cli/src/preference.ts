import type { ProviderFactory } from "ai-lib/providers";

/** Compares providers: those whose data says `preferred` first, in that order, then all others by id. */
export function byPreference(factory: ProviderFactory): (a: string, b: string) => number {
  const rank = (id: string) => factory.data(id).preferred ?? Number.POSITIVE_INFINITY;
  return (a, b) => {
    const [first, second] = [rank(a), rank(b)];
    return first === second ? (a < b ? -1 : 1) : first - second;
  };
}
