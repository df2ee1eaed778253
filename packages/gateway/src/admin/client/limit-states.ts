import { type AdminClient, pathOf } from "./admin-client.js";
import { formatAmount } from "./amounts.js";
import { formatTable } from "./connect.js";

/** How full a limit is, as the API gives it. */
export interface LimitStateView {
  readonly bucket: string;
  readonly limit: { readonly dollars?: number };
  readonly max: number;
  readonly used: number;
  readonly reserved: number;
  readonly resetAt?: string;
}

/** Asks for the limits of a key or of a group, with those of the groups that it is in. */
export async function readLimitStates(
  client: AdminClient,
  kind: "keys" | "groups",
  id: string,
): Promise<readonly LimitStateView[]> {
  const path = pathOf(`/${kind}/{id}/limits`, { id });
  const { body } = await client.call<{ readonly data: readonly LimitStateView[] }>("GET", path);
  return body.data;
}

/** A table of limits with what is left of them. */
export function formatLimitStates(states: readonly LimitStateView[]): string {
  return formatTable(
    ["LIMIT", "MAX", "USED", "RUNNING", "LEFT", "RESET"],
    states.map(({ bucket, limit, max, used, reserved, resetAt = "" }) => {
      const left = Math.max(0, max - used - reserved);
      return [bucket, ...[max, used, reserved, left].map((amount) => formatAmount(amount, limit)), resetAt];
    }),
  );
}
