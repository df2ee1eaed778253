import type { Cannot, DialectId, DialectTarget } from "../../../core/contract/dialect.js";
import type { OnDemand } from "../../../core/errors/on-demand.js";
import type { CallIdForm } from "./call-ids.js";
import type { MediaLimit } from "./media-limits.js";
import type { StateReaders } from "./opaque-state.js";

/** Fields of files that few dialects have. */
export const FILE_FIELDS = ["context", "citations", "clip"] as const;
export type FileField = (typeof FILE_FIELDS)[number];

/** What one dialect states about itself for the encoding of requests. */
export interface EncodeRules {
  readonly dialect: DialectId;
  /** What the dialect cannot carry, and why: the reasons in warnings and refusals. */
  readonly cannot: Cannot | OnDemand<Cannot>;
  /** Whose opaque state a target can read. */
  readonly readers: (target: DialectTarget) => StateReaders;
  /** The types of images, sent as bytes, that a target accepts. Default: any. */
  readonly images?: (target: DialectTarget) => readonly string[] | undefined;
  /** Whether a target has tools that take text. Default: none has, and functions with one text field represent them. */
  readonly textTools?: (target: DialectTarget) => boolean;
  /** The fields of {@link FilePart} that the dialect carries. It warns where one does not fit a file. Default: none. */
  readonly fileFields?: readonly FileField[];
  /** The most bytes of a medium that a target accepts, by its type. Default: no limit is known. */
  readonly mediaLimits?: (target: DialectTarget) => readonly MediaLimit[];
  /** The starts of the media types that a target refuses in a file, such as `"video/"`. Default: none is known. */
  readonly refusedFiles?: (target: DialectTarget) => readonly string[];
  /** The scheme of the cloud storage that it reads media from, such as `"gs"`. Default: none. */
  readonly cloud?: "s3" | "gs";
  /** The form of call ids that a target accepts. Default: any id. */
  readonly callIds?: (target: DialectTarget) => CallIdForm | undefined;
}
