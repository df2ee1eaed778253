import { REACTIONS } from "../../../core/errors/reactions.js";
import { type Check, listOf, type Shape, shapeOf } from "../../../core/values/check.js";
import type { VendorCodes } from "./vendor-codes.js";

const code: Check<string | number> = (value) =>
  (typeof value === "string" && value !== "") || Number.isInteger(value)
    ? undefined
    : "a text or a whole number";

/** Checks the quirk `errorCodes`. */
export const vendorCodes: Check<VendorCodes> = shapeOf<VendorCodes>(
  Object.fromEntries(Object.keys(REACTIONS).map((each) => [each, listOf(code)])) as Shape<VendorCodes>,
);
