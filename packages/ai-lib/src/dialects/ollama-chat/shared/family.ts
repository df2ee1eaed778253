import type { DialectId } from "../../../core/contract/dialect.js";

/** This dialect's id, the key of its extensions. */
export const DIALECT: DialectId = "ollama-chat";

/** Path of the chat endpoint. https://docs.ollama.com/api/chat */
export const CHAT_PATH = "/api/chat";

/** Path of the embeddings endpoint. https://docs.ollama.com/api/embed */
export const EMBED_PATH = "/api/embed";

/** Path of the list of local models. https://docs.ollama.com/api/tags */
export const TAGS_PATH = "/api/tags";

/** The prefix of ids that this library makes for calls without one (servers before 0.12.10). They are not sent back. */
const SYNTHETIC = "ollama_";

/** An id for a call without one. The time of its message makes it unique in a conversation. */
export function syntheticId(time: string, position: number | string): string {
  return `${SYNTHETIC}${time.replace(/\D/g, "")}_${position}`;
}

/** Whether an id was made here, so that the server does not know it. */
export function isSynthetic(id: string): boolean {
  return id.startsWith(SYNTHETIC);
}
