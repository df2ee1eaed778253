export { ProviderBuilder } from "./builder.js";
export * from "./builders.generated.js";
export { Provider, type ProviderId } from "./catalog.generated.js";
export type { EndpointVariable, ProviderData } from "./endpoint/data.js";
export type { AwsCredentials, Credential, ExpiringToken, TokenSource } from "./endpoint/endpoint.js";
export { DialectProvider, defineProvider, type ProviderOptions } from "./endpoint/provider.js";
export { factoryOf, type ProviderDescription, ProviderFactory } from "./factory.js";
export {
  AdapterProvider,
  type ChatProviderDefinition,
  type CustomCall,
  type CustomEnd,
  type CustomReply,
  defineChatProvider,
} from "./own/adapter.js";
export { CustomProviderBuilder } from "./own/custom.js";
export { ownProviders, readProviders } from "./own/file.js";
export { type ProviderSpec, parseSpec, provider } from "./spec.js";
