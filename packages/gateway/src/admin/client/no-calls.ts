import { AiLibError } from "ai-lib";
import { type AdminClient, pathOf } from "./admin-client.js";
import type { FilterOptions } from "./filters.js";

/** Says that no call matches, and whether that is because there is no such key or group. */
export async function noCalls(client: AdminClient, { key, group }: FilterOptions): Promise<string> {
  for (const [kind, id] of [
    ["key", key],
    ["group", group],
  ] as const)
    if (id !== undefined && (await isAbsent(client, kind, id)))
      return `No call matches, and there is no ${kind} ${JSON.stringify(id)}`;
  return "No call matches";
}

async function isAbsent(client: AdminClient, kind: "key" | "group", id: string): Promise<boolean> {
  try {
    await client.call("GET", pathOf(`/${kind}s/{id}`, { id }));
    return false;
  } catch (error) {
    // Without a store of keys, nothing is known of them.
    return AiLibError.is(error) && (error.status === 404 || error.status === 400);
  }
}
