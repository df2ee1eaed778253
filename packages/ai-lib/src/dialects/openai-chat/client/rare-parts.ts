import { decodeLogprobs } from "../../shared/common/logprobs.js";
import { SourceList } from "../shared/citations.js";
import { audioTypeOfBytes, decodeImages } from "../shared/media.js";
import { decodeContent, decodeDetails, ReasoningDetails } from "./content.js";
import { ExecutedTools } from "./executed-tools.js";
import { decodeMessage } from "./message.js";
import { StreamCalls } from "./stream-calls.js";
import { ThinkSplitter } from "./think-tags.js";

/** What reads the parts that few answers hold, which a bundle of chats alone loads on demand. */
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
