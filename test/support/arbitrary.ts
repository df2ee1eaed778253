/** Generators of everything in the contract; each is checked to make every field that the types have. */
export { ANYWHERE, contentParts, type Scope } from "./arbitrary/parts.js";
export { chatRequest, message } from "./arbitrary/request.js";
export { aiLibError, chatResponse, endFacts, usage } from "./arbitrary/response.js";
export { streamOf, type Told } from "./arbitrary/stream.js";
