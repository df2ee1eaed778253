import type { DialectTarget } from "../../../core/contract/dialect.js";
import { quirksOf } from "../shared/quirks.js";

/** What differs between the generations of models; the one place that reads a model's name. */
export interface Generation {
  /**
   * How thinking is set: by level since Gemini 3, by a budget of tokens on 2.5, not at all before ("an error will
   * be returned if this field is set for models that don't support thinking").
   * https://ai.google.dev/gemini-api/docs/thinking
   */
  readonly thinking: "level" | "budget" | "none";
  /** Thinking can be turned down to nothing (2.5) or to `minimal` (3): not on the Pro models. */
  readonly canRest: boolean;
  /** Most tokens of thinking that a budget may name. */
  readonly maxBudget: number;
  /** Calls in the history must carry a signature, else the request is refused. */
  readonly signedCalls: boolean;
  /** Results of functions may hold pictures and files in `functionResponse.parts`. */
  readonly mediaInResults: boolean;
  /** Own tools and functions may stand in one request. */
  readonly mixedTools: boolean;
  /** Calls can be held to their schema by the mode `VALIDATED`. */
  readonly validated: boolean;
  readonly systemRole: boolean;
}

const FAMILY_AND_VERSION = /^(gemini|gemma)-(\d+(?:\.\d+)?)(?![\d.])/;

/** The generation of a target's model. A name without a known version (`gemini-flash-latest`) counts as the newest. */
export function generationOf(target: Pick<DialectTarget, "model" | "quirks">): Generation {
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
    validated: !gemma && version >= 2.5,
    systemRole: quirksOf(target.quirks).noSystemRole !== true && !(gemma && version < 4),
  };
}
