/** A builder for each prebuilt provider, such as `GroqBuilder`, and the one that they share. */
export { ProviderBuilder } from "./builder.js";
export * from "./builders.generated.js";
