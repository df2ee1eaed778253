import { awsEventStreamFramer } from "./aws-event-stream.js";
import { jsonArrayFramer } from "./json-array.js";
import { ndjsonFramer } from "./ndjson.js";

/** The framings of streams that few providers use, which bundles load on demand. */
export const framersByKind = {
  ndjson: ndjsonFramer,
  "aws-event-stream": awsEventStreamFramer,
  "json-array": jsonArrayFramer,
};
