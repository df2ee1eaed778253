import type { JobHandle } from "../../core/contract/job.js";
import type { ChatRequest } from "../../core/values/chat-request.js";

/** The tools of a request, by which the calls of its reply are named. */
export interface OwnTools {
  readonly request: Pick<ChatRequest, "tools">;
  /** The caller's names of tools by the names that were sent, where they differ. */
  readonly names?: ReadonlyMap<string, string> | undefined;
}

/** The tools of a handle as the decoder of a reply takes them. A handle may come from a file: its names are checked. */
export function ownTools(tools: JobHandle["tools"]): OwnTools {
  const texts = (tools?.texts ?? []).filter((name) => typeof name === "string");
  return {
    request: { tools: texts.map((name) => ({ type: "text-tool", name })) },
    names: new Map(Object.entries(tools?.names ?? {})),
  };
}
