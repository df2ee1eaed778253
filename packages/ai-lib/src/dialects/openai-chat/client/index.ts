import type { ClientHalf } from "../../../core/contract/dialect.js";
import { openAiKinds } from "../../shared/openai/kinds.js";
import { chat } from "./chat.js";

/** {@link chat}, with the other kinds of call. */
export const client: ClientHalf = {
  ...chat,
  kinds: openAiKinds,
};
