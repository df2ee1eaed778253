import { parseBody } from "../../core/errors/parse-body.js";
import { asNumber } from "../../core/values/json.js";
import { type FileCodec, notInStore } from "./file-codec.js";
import { filesOf, codec as openai } from "./openai-files.js";

/** Files of a page where the caller does not say: the vendor's own number. */
const PAGE_SIZE = 100;

/**
 * Files of Mistral: OpenAI's with numbered pages.
 * https://docs.mistral.ai/api/endpoint/files
 */
export const codec: FileCodec = {
  ...openai,
  form: {
    path: ({ path }) => path,
    fields({ purpose, expiresAfterMs }, target) {
      // There is a field `expiry`, whose unit the vendor does not document: a file could go a day early.
      if (expiresAfterMs !== undefined) throw notInStore("documented choice of expiry", target);
      const named = purpose ?? target.purpose;
      return named === undefined ? {} : { purpose: named };
    },
  },
  list: ({ purpose, pageSize = PAGE_SIZE }, { path }) => ({
    method: "GET",
    path,
    headers: {},
    query: {
      page: "0",
      page_size: String(pageSize),
      ...(purpose === undefined ? {} : { purpose }),
    },
  }),
  page(reply, query, { provider }) {
    const body = parseBody(reply.body);
    const files = filesOf(body["data"], provider);
    const [page, size] = [Number(query["page"]), Number(query["page_size"])];
    const total = asNumber(body["total"]);
    const more = total === undefined ? files.length >= size : (page + 1) * size < total;
    return more && files.length > 0 ? { files, next: { ...query, page: String(page + 1) } } : { files };
  },
};
