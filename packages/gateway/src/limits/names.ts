/** Whether a name is in a list, whose entries may end with `*`. Without a list, every name is. */
export function isListed(list: readonly string[] | undefined, name: string): boolean {
  return (
    list === undefined ||
    list.some((one) => (one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : one === name))
  );
}
