import type { DialectTarget } from "../../../core/contract/dialect.js";
import { quirksOf } from "../shared/quirks.js";

/** What differs between models, derived from a model's name. No other place reads the name. */
export interface ModelFacts {
  /**
   * How thinking is set: by level since Gemini 3, by a budget of tokens on 2.5, not at all before ("an error will
   * be returned if this field is set for models that don't support thinking").
   * https://ai.google.dev/gemini-api/docs/thinking
   */
  readonly thinking: "level" | "budget" | "none";
  /** Thinking can be turned off (2.5) or down to `minimal` (3); not on the Pro models. */
  readonly canRest: boolean;
  /** The largest budget of tokens. */
  readonly maxBudget: number;
  /** Calls in the history must carry a signature, else the request is refused. */
  readonly signedCalls: boolean;
  /** Results of functions may hold images and files in `functionResponse.parts`. */
  readonly mediaInResults: boolean;
  /** A request may hold Google's own tools and functions together. */
  readonly mixedTools: boolean;
  /**
   * A request may ask for JSON beside tools: "Function calling with a response mime type: 'application/json' is
   * unsupported" before Gemini 3 (https://ai.google.dev/gemini-api/docs/structured-output).
   */
  readonly jsonWithTools: boolean;
  /** The mode `VALIDATED` enforces the schema of calls. */
  readonly validated: boolean;
  /** Instructions go into `systemInstruction`. */
  readonly systemRole: boolean;
}

const FAMILY_AND_VERSION = /^(gemini|gemma)-(\d+(?:\.\d+)?)(?![\d.])/;

/** The facts of a target's model. A name without a known version (`gemini-flash-latest`) counts as the newest. */
export function modelFacts(target: Pick<DialectTarget, "model" | "quirks">): ModelFacts {
  const name = target.model.slice(target.model.lastIndexOf("/") + 1).toLowerCase();
  const match = FAMILY_AND_VERSION.exec(name);
  const gemma = match?.[1] === "gemma";
  const version = match?.[2] === undefined ? Number.POSITIVE_INFINITY : Number(match[2]);
  const pro = /(^|-)pro(-|$)/.test(name);
  const modern = gemma ? version >= 4 : version >= 3;
  return {
    thinking: modern ? "level" : !gemma && version >= 2.5 ? "budget" : "none",
    canRest: !pro,
    maxBudget: pro ? 32_768 : 24_576,
    signedCalls: !gemma && version >= 3,
    mediaInResults: !gemma && version >= 3,
    mixedTools: !gemma && version >= 3,
    jsonWithTools: !gemma && version >= 3,
    validated: !gemma && version >= 2.5,
    systemRole: quirksOf(target.quirks).noSystemRole !== true && !(gemma && version < 4),
  };
}
