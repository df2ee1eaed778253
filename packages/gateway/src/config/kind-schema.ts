import type { Kind } from "ai-lib";
import { z } from "zod";

/** Every kind of call. */
const KIND_NAMES = [
  "chat",
  "embed",
  "rerank",
  "moderate",
  "transcribe",
  "speak",
  "image",
  "ocr",
  "decide",
  "countTokens",
] as const satisfies readonly Kind[];

/** One kind of call. */
export const KindName: z.ZodType<Kind, Kind> = z.enum(KIND_NAMES);

/** Kinds of call. */
export const Kinds = z.array(KindName).min(1);
