/* What calls of the kinds besides chat need. A provider loads it with the first of them. */
export { withDownloads } from "./downloads.js";
export { encodeKindCall } from "./encode-kind.js";
export { estimateCount } from "./estimate-count.js";
export { inlineKindMedia } from "./inline-kind.js";
export { openJob } from "./job.js";
export { openPieces } from "./pieces.js";
