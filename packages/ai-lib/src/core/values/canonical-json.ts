/**
 * A text that two values share only if they are the same JSON. The order of an object's fields makes no difference, and
 * fields that are `undefined` count as absent. For keys and hashes; it is not meant to be parsed.
 * @throws {TypeError} for a value that JSON cannot express: a BigInt, or an object that contains itself.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, sortFields) ?? "null";
}

/** Objects become lists of their fields by name: so that a field named `__proto__` counts, too. */
function sortFields(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return ["object", ...fields.sort(([a], [b]) => (a < b ? -1 : 1))];
}
