import { type BatchCodec, get, post, segment } from "./batch-codec.js";
import { codec as openAi } from "./openai-batches.js";

/**
 * Together's batches: OpenAI's, without a name or a choice of time. A batch is found by its file.
 * https://docs.together.ai/docs/batch-inference
 */
export const codec: BatchCodec = {
  ...openAi,
  ways: {
    file: {
      purpose: "batch-api",
      mediaType: "application/jsonl",
      request: ({ path }, file) =>
        post("/batches", { input_file_id: file, endpoint: `/v1${path}`, completion_window: "24h" }),
    },
  },
  list: () => get("/batches"),
  cancel: (id) => post(`/batches/${segment(id)}/cancel`),
};
