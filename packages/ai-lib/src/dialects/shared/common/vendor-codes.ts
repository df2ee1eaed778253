import { REACTIONS } from "../../../core/errors/reactions.js";
import { type Check, listOf, type Shape, shapeOf } from "../../../core/values/check.js";
import type { ErrorCode } from "../../../core/values/error-code.js";

/** The error codes of one vendor, as numbers or text, by their meaning. */
export type VendorCodes = { readonly [C in ErrorCode]?: readonly (string | number)[] };

const code: Check<string | number> = (value) =>
  (typeof value === "string" && value !== "") || Number.isInteger(value)
    ? undefined
    : "a text or a whole number";

/** Checks the quirk `errorCodes`. */
export const vendorCodes: Check<VendorCodes> = shapeOf<VendorCodes>(
  Object.fromEntries(Object.keys(REACTIONS).map((each) => [each, listOf(code)])) as Shape<VendorCodes>,
);

/** What a vendor's code means; undefined if the vendor names no such code. */
export function meaningOfVendor(codes: VendorCodes | undefined, code: string): ErrorCode | undefined {
  if (codes === undefined) return undefined;
  for (const [meaning, list] of Object.entries(codes))
    if (list?.some((each) => String(each) === code)) return meaning as ErrorCode;
  return undefined;
}
