export { localModel } from "./local-model.js";
export type { LocalModelOptions } from "./options.js";
