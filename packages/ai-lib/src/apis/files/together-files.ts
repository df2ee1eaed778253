import { asString } from "../../core/values/json.js";
import { type FileCodec, notInStore } from "./file-codec.js";
import { codec as openai } from "./openai-files.js";

/** File types that Together names; everything else is JSON lines. */
const TYPES = ["csv", "parquet"];

/** Files of Together: OpenAI's, uploaded at a path of their own. https://docs.together.ai/reference/upload-file */
export const codec: FileCodec = {
  ...openai,
  form: {
    path: ({ path }) => `${path}/upload`,
    fields({ filename, purpose, expiresAfterMs }, target) {
      if (expiresAfterMs !== undefined) throw notInStore("choice of expiry", target);
      const ending = asString(filename.split(".").at(-1))?.toLowerCase() ?? "";
      const named = purpose ?? target.purpose;
      return {
        ...(named === undefined ? {} : { purpose: named }),
        file_name: filename,
        file_type: TYPES.includes(ending) ? ending : "jsonl",
      };
    },
  },
  list({ purpose, pageSize }, target) {
    if (purpose !== undefined || pageSize !== undefined) throw notInStore("filters and pages", target);
    return { method: "GET", path: target.path, headers: {} };
  },
};
