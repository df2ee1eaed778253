import { openAiEmbed } from "../../shared/openai/embed.js";
import { DIALECT } from "./family.js";

/** Embeddings of Mistral: OpenAI's, but for the name of one field. https://docs.mistral.ai/api/endpoint/embeddings */
export const embed = openAiEmbed({ dialect: DIALECT, dimensions: "output_dimension" });
