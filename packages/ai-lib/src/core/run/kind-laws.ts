import type { KindLaws } from "../kinds/laws.js";
import type { Kind } from "../values/kinds.js";

/** The built-in kinds besides chat. Their rules are loaded at the first call of the kind. */
const LOADERS = {
  embed: () => import("../kinds/embed.js").then(({ embedLaws }) => embedLaws),
  rerank: () => import("../kinds/rerank.js").then(({ rerankLaws }) => rerankLaws),
  moderate: () => import("../kinds/moderate.js").then(({ moderateLaws }) => moderateLaws),
  transcribe: () => import("../kinds/transcribe.js").then(({ transcribeLaws }) => transcribeLaws),
  speak: () => import("../kinds/speak.js").then(({ speakLaws }) => speakLaws),
  image: () => import("../kinds/image.js").then(({ imageLaws }) => imageLaws),
  ocr: () => import("../kinds/ocr.js").then(({ ocrLaws }) => ocrLaws),
  decide: () => import("../kinds/decide.js").then(({ decideLaws }) => decideLaws),
  countTokens: () => import("../kinds/count-tokens.js").then(({ countTokensLaws }) => countTokensLaws),
} satisfies { readonly [K in Kind]?: () => Promise<KindLaws<K>> };

/** A built-in kind besides chat. */
export type LoadedKind = keyof typeof LOADERS;

const loaded = new Map<Kind, KindLaws>();

/** The rules of a kind, or a promise of them at the first use of the kind. */
export function lawsOf<K extends LoadedKind>(kind: K): KindLaws<K> | Promise<KindLaws<K>> {
  const ready = loaded.get(kind) as KindLaws<K> | undefined;
  if (ready !== undefined) return ready;
  const loading = LOADERS[kind]() as unknown as Promise<KindLaws<K>>;
  return loading.then((laws) => {
    loaded.set(kind, laws as unknown as KindLaws);
    return laws;
  });
}
