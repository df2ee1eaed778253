import type { BatchItem, BatchOptions } from "../contract/batch.js";
import type { CallOptions } from "../contract/call.js";
import type { ChatProvider } from "../contract/provider.js";
import { AiLibError, cancelled, configError } from "../errors/error.js";
import type { ChatRequest } from "../values/chat-request.js";
import { report } from "./report.js";

/** The default number of calls of a batch at the same time. */
const DEFAULT_CONCURRENCY = 8;

/**
 * Answers many requests, some at a time. The results are in the order of the requests; a failure affects only its own
 * item. An abort closes the running calls and starts no others; their items are `CANCELLED`.
 * @throws {AiLibError} `CONFIG_ERROR` for a concurrency below 1.
 */
export async function runBatch(
  provider: ChatProvider,
  requests: readonly ChatRequest[],
  options: BatchOptions = {},
): Promise<BatchItem[]> {
  const { concurrency = DEFAULT_CONCURRENCY, onItem, ...call } = options;
  if (!(concurrency >= 1)) throw configError(`concurrency must be 1 or more, not ${concurrency}`);
  const items: BatchItem[] = new Array<BatchItem>(requests.length);
  let next = 0;
  let done = 0;
  const worker = async () => {
    while (next < requests.length) {
      const index = next++;
      const item = await answer(provider, requests[index] as ChatRequest, index, call);
      items[index] = item;
      done++;
      try {
        if (onItem !== undefined) report(() => onItem(item, done, requests.length), "onItem");
      } catch (error) {
        // The items will not be read: requests that have not begun are not sent.
        next = requests.length;
        throw error;
      }
    }
  };
  const workers = Math.min(Math.floor(concurrency), requests.length);
  await Promise.all(Array.from({ length: workers }, worker));
  return items;
}

async function answer(
  provider: ChatProvider,
  request: ChatRequest,
  index: number,
  options: CallOptions,
): Promise<BatchItem> {
  if (options.signal?.aborted === true)
    return {
      index,
      error: cancelled("The batch was aborted before this request began", options.signal.reason),
    };
  try {
    return { index, response: await provider.chat(request, options) };
  } catch (error) {
    return { index, error: AiLibError.from(error) };
  }
}
