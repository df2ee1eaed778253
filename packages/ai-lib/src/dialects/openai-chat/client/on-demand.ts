import { OnDemand } from "../../../core/errors/on-demand.js";
import { isObject, type JsonObject } from "../../../core/values/json.js";
import { failureOf } from "../shared/finish.js";

/** Reads errors: of replies, of frames, and of choices that failed. */
export const errors = new OnDemand("errors of OpenAI's dialect", () =>
  import("./errors.js").then(({ errorDecoders }) => errorDecoders),
);

/** Encodes what few requests have: parts of messages, results, turns that are more than text, and fields besides sampling. */
export const rare = new OnDemand("tools and media of OpenAI's dialect", () =>
  import("./rare.js").then(({ rareEncoders }) => rareEncoders),
);

/** Whether the errors are needed to read a choice: it may have failed. */
export function mayHaveFailed(choice: JsonObject | undefined, finish: string | undefined): boolean {
  return isObject(choice?.["error"]) || (finish !== undefined && failureOf(finish) !== undefined);
}
