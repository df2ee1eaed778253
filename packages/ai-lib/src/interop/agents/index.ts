export {
  AgentModel,
  type AgentModelResponse,
  type AgentModels,
  type AgentModelsOptions,
  agentModels,
} from "./model.js";
export type * from "./spec.js";
export { AgentUsage } from "./usage.js";
