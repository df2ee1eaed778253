/** A builder for each prebuilt provider, such as `GroqBuilder`, and their base class. */
export { ProviderBuilder } from "./builder.js";
export * from "./builders.generated.js";
