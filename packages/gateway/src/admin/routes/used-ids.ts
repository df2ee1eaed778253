import type { RecordKind } from "../../keys/record.js";
import { AdminError } from "../errors.js";
import type { AdminParts } from "../parts.js";

/**
 * Refuses the id of a key or group that was deleted, or that the file had, if calls of it are in the ledger: they would
 * count within the limits of the new one, and be its usage.
 * @throws {AdminError} `conflict`
 */
export async function checkUnused(
  { keys, wasUsed }: AdminParts,
  kind: RecordKind,
  id: string | undefined,
): Promise<void> {
  // One that exists is refused for that.
  if (id === undefined || (kind === "key" ? keys?.key(id) : keys?.group(id)) !== undefined) return;
  if ((await wasUsed?.(kind, id)) !== true) return;
  const message = `The ledger has calls of a former ${kind} ${id}, which would count as those of the new one; choose another id`;
  throw new AdminError("conflict", message, { details: [{ path: "body.id", message }] });
}
