import type { z } from "zod";
import { formatPath } from "../config/problems.js";
import { sameLimit } from "./counted.js";
import { DirectoryError, type GroupDraft, type KeyDraft } from "./key-directory.js";
import { GroupDraftShape, KeyDraftShape } from "./shapes.js";

/** @throws {DirectoryError} `invalid` that names the first wrong field */
export function checkKeyDraft(draft: KeyDraft): void {
  check(KeyDraftShape, draft);
}

/** @throws {DirectoryError} `invalid` that names the first wrong field */
export function checkGroupDraft(draft: GroupDraft): void {
  check(GroupDraftShape, draft);
}

function check(shape: z.ZodType, draft: KeyDraft | GroupDraft): void {
  const result = shape.safeParse(draft);
  const [issue] = result.error?.issues ?? [];
  if (issue !== undefined) {
    const path = issue.path as (string | number)[];
    const field = formatPath(
      issue.code === "unrecognized_keys" ? [...path, ...issue.keys.slice(0, 1)] : path,
    );
    const message =
      issue.code === "unrecognized_keys" ? "unknown field" : issue.message.replace(/^Invalid input: /, "");
    throw new DirectoryError("invalid", field === "" ? message : `${field}: ${message}`, field);
  }
  const same = sameLimit(draft.limits ?? []);
  if (same !== undefined)
    throw new DirectoryError(
      "invalid",
      `limits[${same}]: an earlier limit counts the same; remove one of them`,
      `limits[${same}]`,
    );
}
