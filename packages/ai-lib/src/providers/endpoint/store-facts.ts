import type { FileApi } from "../../apis/files/names.js";
import type { DialectId } from "../../core/contract/dialect.js";
import type { ProviderData } from "./data.js";

/** What the data of a provider say of its file store. */
type StoreData = NonNullable<ProviderData["files"]>;

/** The same with its API, without earlier names. */
export type StoreFacts = Omit<StoreData, "api" | "protocol" | "fields"> & { readonly api: FileApi };

/** The API of a file store where the data name none. */
const API_OF: Readonly<Record<DialectId, FileApi>> = {
  "anthropic-messages": "anthropic",
  gemini: "gemini",
  "mistral-chat": "mistral",
  "openai-chat": "openai",
  "openai-responses": "openai",
  "cohere-chat": "openai",
  "ollama-chat": "openai",
  "bedrock-converse": "openai",
};

/** Fills in the API and reads the names that data had before: `protocol`, and the purpose among `fields`. */
export function storeFacts(data: StoreData, dialect: DialectId): StoreFacts {
  const { api, protocol, fields, ...facts } = data;
  const purpose = facts.purpose ?? fields?.["purpose"];
  return {
    ...facts,
    api: api ?? (protocol === "resumable" ? "gemini" : API_OF[dialect]),
    ...(purpose !== undefined && { purpose }),
  };
}
