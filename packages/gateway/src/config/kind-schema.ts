import { z } from "zod";

const KIND_NAMES = [
  "chat",
  "embed",
  "rerank",
  "moderate",
  "transcribe",
  "speak",
  "image",
  "countTokens",
] as const;

/** Kinds of call. */
export const Kinds = z.array(z.enum(KIND_NAMES)).min(1);
