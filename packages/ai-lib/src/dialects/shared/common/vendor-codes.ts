import type { ErrorCode } from "../../../core/values/error-code.js";

/** The error codes of one vendor, as numbers or text, by their meaning. */
export type VendorCodes = { readonly [C in ErrorCode]?: readonly (string | number)[] };

/** What a vendor's code means; undefined if the vendor names no such code. */
export function meaningOfVendor(codes: VendorCodes | undefined, code: string): ErrorCode | undefined {
  if (codes === undefined) return undefined;
  for (const [meaning, list] of Object.entries(codes))
    if (list?.some((each) => String(each) === code)) return meaning as ErrorCode;
  return undefined;
}
