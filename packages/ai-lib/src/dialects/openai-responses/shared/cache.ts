/** How long OpenAI's caches live: https://platform.openai.com/docs/guides/prompt-caching */
export const LIFETIMES: ReadonlySet<string> = new Set(["30m", "12h"]);

/** Why another lifetime is left out. */
export const OTHER_LIFETIME = 'the lifetimes are "30m" and "12h"';
