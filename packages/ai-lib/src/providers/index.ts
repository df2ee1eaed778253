export {
  AdapterProvider,
  type ChatProviderDefinition,
  type CustomCall,
  type CustomEnd,
  type CustomReply,
  defineChatProvider,
} from "./adapter.js";
export { ProviderBuilder } from "./builder.js";
export * from "./builders.generated.js";
export { Provider, type ProviderId } from "./catalog.generated.js";
export { CustomProviderBuilder } from "./custom.js";
export type { EndpointVariable, ProviderData } from "./data.js";
export { DialectProvider, defineProvider, type ProviderOptions } from "./define.js";
export type { AwsCredentials, Credential, ExpiringToken, TokenSource } from "./endpoint.js";
export { factoryOf, type ProviderDescription, ProviderFactory } from "./factory.js";
export { ownProviders, readProviders } from "./file.js";
export { type ProviderSpec, parseSpec, provider } from "./spec.js";
