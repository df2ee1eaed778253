import type { ChatRequest } from "ai-lib";
import { withoutEndless } from "./vendor-lengths.js";

type Changed = { -readonly [K in keyof Pick<ChatRequest, "maxTokens" | "extensions">]: ChatRequest[K] };

/** Limits the answer to a chat: a smaller limit of the request stays, and fields that ask for one without a limit go. */
export function limitAnswer(request: Changed, maxTokens: number): void {
  request.maxTokens = Math.min(maxTokens, request.maxTokens ?? maxTokens) || maxTokens;
  if (request.extensions !== undefined) request.extensions = withoutEndless(request.extensions);
}
