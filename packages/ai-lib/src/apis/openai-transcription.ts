/** Transcripts in OpenAI's shape, of hosts that speak another dialect. */
export { transcribeCodec as codec } from "../dialects/shared/openai/transcribe.js";
