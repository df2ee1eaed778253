import type { Call } from "../../core/contract/call.js";

/** Whether the answer may call tools of the caller. A history may hold tools that the request no longer has. */
export function hasTools(call: Call): call is Call<"chat"> {
  return call.kind === "chat" && call.request.tools !== undefined;
}
