import { decodeLogprobs } from "../../shared/common/logprobs.js";
import { SourceList } from "../shared/citations.js";
import { audioTypeOfBytes, decodeImages } from "../shared/media.js";
import { decodeContent, decodeDetails, ReasoningDetails } from "./content.js";
import { ExecutedTools } from "./executed-tools.js";
import { decodeMessage } from "./message.js";
import { StreamCalls } from "./stream-calls.js";
import { ThinkSplitter } from "./think-tags.js";

/** The decoders of parts that few answers contain. A bundle with only chats loads them on demand. */
export const rareDecoders = {
  audioTypeOfBytes,
  decodeContent,
  decodeDetails,
  decodeImages,
  decodeLogprobs,
  decodeMessage,
  ExecutedTools,
  ReasoningDetails,
  SourceList,
  StreamCalls,
  ThinkSplitter,
};
