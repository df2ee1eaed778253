import type { CallContext } from "../../core/contract/call.js";
import type { FileContent } from "../../core/contract/file.js";
import type { HttpReply } from "../../core/contract/transport.js";
import type { PreparedRequest } from "./requests.js";
import type { StoreFacts } from "./store-facts.js";

/** What a file store needs of its provider. */
export interface StoreAccess {
  readonly provider: string;
  readonly store: StoreFacts;
  /**
   * Sends a request with the provider's credentials and decodes its reply. Errors hold no secret of the request; those of
   * `decode` cut no text but by `redact`.
   */
  send<T>(
    http: PreparedRequest,
    context: CallContext,
    decode: (reply: HttpReply, redact: (text: string) => string) => T,
  ): Promise<T>;
  /** Sends a request and resolves, once its head is there, to the bytes of the reply. */
  read(http: PreparedRequest, context: CallContext): Promise<FileContent>;
}
