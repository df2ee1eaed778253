import { configError } from "../core/errors/error.js";

const HOURS: Readonly<Record<string, number>> = { m: 1 / 60, h: 1, d: 24 };

/**
 * Hours of a time such as `"24h"`, `"7d"`, `"90m"` or milliseconds. Default: 24.
 * @throws {AiLibError} `CONFIG_ERROR` for anything else.
 */
export function hoursOf(window: string | number | undefined): number {
  if (window === undefined) return 24;
  const [, amount = "", unit = ""] = /^(\d{1,6})([mhd])$/.exec(String(window)) ?? [];
  const hours =
    typeof window === "number" ? window / 3_600_000 : Number(amount) * (HOURS[unit] ?? Number.NaN);
  if (!(hours > 0 && Number.isFinite(hours)) || (typeof window === "string" && amount === ""))
    throw configError(
      `\`window\` is a time such as "24h", "7d" or milliseconds, not ${JSON.stringify(window)}`,
    );
  return hours;
}
