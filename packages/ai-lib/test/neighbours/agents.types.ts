/** The models of `ai-lib/agents` against the declarations of OpenAI's Agents SDK. Compiled in CI; nothing here runs. */

import type { Model, ModelProvider } from "@openai/agents-core";
import type { ChatProvider } from "ai-lib";
import { agentModels } from "ai-lib/agents";

declare const provider: ChatProvider;

export const models: ModelProvider = agentModels(provider);
export const model: Model = agentModels(provider).getModel("m");
