import { benchProvider, request } from "./ai-lib.mjs";

/** One provider, whose streams are read to their end without their events. */
export const packages = ["ai-lib"];
export const dialects = ["openai", "anthropic", "gemini"];

export async function setup(base, dialect) {
  const provider = await benchProvider(base, dialect);
  return {
    chat: async () => (await provider.chat(request)).text,
    stream: async (onText) => onText((await provider.stream(request).response()).text),
  };
}
