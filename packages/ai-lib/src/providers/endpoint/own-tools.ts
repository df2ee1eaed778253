import type { JobHandle } from "../../core/contract/job.js";
import type { ChatRequest } from "../../core/values/chat-request.js";

/** The tools of a request, which determine the names of the calls in its reply. */
export interface OwnTools {
  readonly request: Pick<ChatRequest, "tools">;
  /** The caller's names of tools by the names that were sent, where they differ. */
  readonly names?: ReadonlyMap<string, string> | undefined;
}

/**
 * The tools of a handle in the form for the decoder of a reply. A handle may come from a file: its names are checked.
 */
export function ownTools(tools: JobHandle["tools"]): OwnTools {
  const texts = (tools?.texts ?? []).filter((name) => typeof name === "string");
  return {
    request: { tools: texts.map((name) => ({ type: "text-tool", name })) },
    names: new Map(Object.entries(tools?.names ?? {})),
  };
}
