import { readFile } from "node:fs/promises";
import type { ChatRequest, DialectId } from "ai-lib";
import { serverHalves } from "ai-lib/serve";
import { configError } from "../config-error.js";

/** A path at which a client of each dialect asks for a chat. */
const PATHS: Readonly<Record<DialectId, string>> = {
  "openai-chat": "/v1/chat/completions",
  "openai-responses": "/v1/responses",
  "anthropic-messages": "/v1/messages",
  gemini: "/v1beta/models/model:generateContent",
  "mistral-chat": "/v1/chat/completions",
  "cohere-chat": "/v2/chat",
  "bedrock-converse": "/model/model/converse",
  "ollama-chat": "/api/chat",
};

/** Whether a text is the id of a dialect. */
export function isDialect(text: string): text is DialectId {
  return Object.hasOwn(PATHS, text);
}

/** The ids of the dialects. */
export const DIALECTS = Object.keys(PATHS) as readonly DialectId[];

/** @throws {AiLibError} `CONFIG_ERROR` for a file that cannot be read. */
export async function readText(file: string): Promise<string> {
  return readFile(file, "utf8").catch(({ code }: NodeJS.ErrnoException) => {
    throw configError(`${file} cannot be read: ${code}`);
  });
}

/** Reads the body of a chat request. @throws {AiLibError} the errors of the dialect for another body. */
export async function decodeRequest(body: string, dialect: DialectId): Promise<ChatRequest> {
  const [half] = await serverHalves([dialect]);
  if (half === undefined) throw configError(`The dialect ${dialect} cannot be read`);
  const { request } = half.decode({ method: "POST", path: PATHS[dialect], headers: {}, body });
  return request;
}
