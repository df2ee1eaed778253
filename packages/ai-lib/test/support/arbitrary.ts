/** Generators of everything in the contract; each is checked to make every field that the types have. */
export {
  ANYWHERE,
  base64,
  contentParts,
  logprobs,
  object,
  prose,
  type Scope,
  url,
  word,
} from "./arbitrary/parts.js";
export { chatRequest } from "./arbitrary/request.js";
export { aiLibError, chatResponse, endFacts, withoutCutInput } from "./arbitrary/response.js";
export { streamOf } from "./arbitrary/stream.js";
