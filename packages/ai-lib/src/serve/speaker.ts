import type { ServerHalf } from "../core/contract/dialect.js";
import type { HttpReply } from "../core/contract/transport.js";
import { type AiLibError, invalidRequest } from "../core/errors/error.js";
import type { RequestHead } from "./options.js";

/** Whose client asks, whatever it asks for. OpenAI's shape is what most other clients read. */
function speakingHalf(halves: readonly ServerHalf[], head: RequestHead): ServerHalf | undefined {
  return (
    halves.find((half) => half.claims?.(head) === true) ??
    halves.find((half) => half.matches({ method: "POST", path: head.path })) ??
    halves.find((half) => half.id === "openai-chat") ??
    halves[0]
  );
}

/** An error in the shape of the client that asks; plain text where no dialect is spoken. */
export function errorReply(
  halves: readonly ServerHalf[],
  head: RequestHead,
  error: AiLibError,
  status?: number,
): HttpReply {
  return (
    speakingHalf(halves, head)?.error(error, status) ?? {
      status: status ?? 500,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: error.message,
    }
  );
}

/** A refusal of a request that no dialect reads, in the shape of the client that asks. */
export function refusal(
  halves: readonly ServerHalf[],
  head: RequestHead,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): HttpReply {
  const reply = errorReply(halves, head, invalidRequest(message), status);
  // A half of the user's own may know no status.
  return { ...reply, status, headers: { ...reply.headers, ...headers } };
}
