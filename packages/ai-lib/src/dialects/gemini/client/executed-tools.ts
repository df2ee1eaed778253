import { asObject, asString, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import type { ToolCallPart, ToolResultPart } from "../../../core/values/message.js";
import { CODE_EXECUTION } from "../shared/family.js";
import { decodeResult } from "../shared/results.js";

/** Decodes the calls that Google runs, and their results: code execution, searches, URL context. */
export class ExecutedTools {
  /** The last call, for results without an id. */
  private last: { readonly id: string; readonly name: string } | undefined;

  /**
   * The call or result of a part; undefined for any other part.
   * @param synthetic makes the id of a call that has none.
   */
  decode(part: JsonObject, synthetic: () => string): ToolCallPart | ToolResultPart | undefined {
    return this.call(part, synthetic) ?? this.result(part, synthetic);
  }

  private call(part: JsonObject, synthetic: () => string): ToolCallPart | undefined {
    const code = asObject(part["executableCode"]);
    const call = code ?? asObject(part["toolCall"]);
    if (call === undefined) return undefined;
    const id = asString(call["id"]) ?? synthetic();
    const name = code === undefined ? (asString(call["toolType"]) ?? "") : CODE_EXECUTION;
    this.last = { id, name };
    const given: MutableJson = { ...(code ?? asObject(call["args"])) };
    if (code !== undefined) delete given["id"];
    return { type: "tool-call", id, name, arguments: given, executedBy: "provider" };
  }

  private result(part: JsonObject, synthetic: () => string): ToolResultPart | undefined {
    const run = asObject(part["codeExecutionResult"]);
    const result = run ?? asObject(part["toolResponse"]);
    if (result === undefined) return undefined;
    const id = asString(result["id"]) ?? this.last?.id ?? synthetic();
    const outcome = asString(run?.["outcome"]);
    const failed = outcome !== undefined && outcome !== "OUTCOME_OK";
    const { text, isError } =
      run === undefined
        ? decodeResult(asObject(result["response"]))
        : { text: asString(run["output"]) ?? "", isError: failed };
    return {
      type: "tool-result",
      id,
      name: run === undefined ? (asString(result["toolType"]) ?? this.last?.name ?? "") : CODE_EXECUTION,
      content: text,
      ...(isError ? { isError } : {}),
      // OUTCOME_DEADLINE_EXCEEDED is a failure of a kind that the contract has no name for.
      ...(failed && outcome !== "OUTCOME_FAILED"
        ? { extensions: { gemini: { codeExecutionResult: { outcome } } } }
        : {}),
      executedBy: "provider",
    };
  }
}
