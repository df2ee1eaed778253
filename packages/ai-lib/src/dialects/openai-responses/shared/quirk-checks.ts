import { count, flag, listOf, mapOf, object, oneOf, type Shape, text } from "../../../core/values/check.js";
import { EFFORTS } from "../../shared/common/efforts.js";
import { vendorCodes } from "../../shared/common/vendor-codes-check.js";
import { modelQuirks } from "../../shared/openai/by-model-check.js";
import { OMITTABLE_FIELDS, type OpenAiResponsesQuirks } from "./quirks.js";

/** The values that each quirk except `byModel` accepts. */
const ofOneModel: Shape<Omit<OpenAiResponsesQuirks, "byModel">> = {
  path: text,
  query: mapOf(text),
  noInstructions: flag,
  systemRole: oneOf("system", "developer"),
  encryptedReasoning: flag,
  reasoningEfforts: listOf(oneOf(...EFFORTS)),
  noSamplingWithReasoning: flag,
  background: flag,
  audioInput: flag,
  cacheBreakpoints: flag,
  noItemIds: flag,
  maxToolCallId: count,
  userField: oneOf("safety_identifier", "user"),
  strictSchemas: oneOf("openai", "closed", "any"),
  responseFormatField: flag,
  noStrictTools: flag,
  omit: listOf(oneOf(...OMITTABLE_FIELDS)),
  body: object,
  stateFamily: text,
  errorCodes: vendorCodes,
};

/** The values that each quirk accepts. They are checked when the provider is built. */
export const openAiResponsesQuirks: Shape<OpenAiResponsesQuirks> = {
  ...ofOneModel,
  byModel: modelQuirks(ofOneModel),
};
