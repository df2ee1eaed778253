import { configError } from "../../core/errors/error.js";
import { codec as anthropic } from "./anthropic-files.js";
import type { FileCodec } from "./file-codec.js";
import { codec as gemini } from "./gemini-files.js";
import { codec as mistral } from "./mistral-files.js";
import type { FileApi } from "./names.js";
import { codec as openai, withUploads } from "./openai-files.js";
import { codec as together } from "./together-files.js";

const CODECS: Readonly<Record<FileApi, FileCodec>> = {
  openai,
  "openai-uploads": withUploads,
  anthropic,
  gemini,
  mistral,
  together,
};

/** The codec of a file store. @throws {AiLibError} `CONFIG_ERROR` for an API that does not exist. */
export function fileCodec(api: FileApi): FileCodec {
  if (!Object.hasOwn(CODECS, api))
    throw configError(`There is no file API "${api}"; known are: ${Object.keys(CODECS).join(", ")}`);
  return CODECS[api];
}
