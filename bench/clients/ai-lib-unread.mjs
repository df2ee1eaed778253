import { benchProvider, request } from "./ai-lib.mjs";

/** One provider. Its streams are read to the end without their events. */
export const packages = ["ai-lib"];
export const dialects = ["openai", "anthropic", "gemini"];

export async function setup(base, dialect) {
  const provider = await benchProvider(base, dialect);
  return {
    chat: async () => (await provider.chat(request)).text,
    stream: async (onText) => onText((await provider.stream(request).response()).text),
  };
}
