import { configError } from "../core/errors/error.js";
import { chatLaws } from "../core/kinds/chat/laws.js";
import { decideLaws } from "../core/kinds/decide.js";
import { embedLaws } from "../core/kinds/embed.js";
import { imageLaws } from "../core/kinds/image.js";
import type { KindLaws } from "../core/kinds/laws.js";
import { moderateLaws } from "../core/kinds/moderate.js";
import { ocrLaws } from "../core/kinds/ocr.js";
import { rerankLaws } from "../core/kinds/rerank.js";
import { speakLaws } from "../core/kinds/speak.js";
import { transcribeLaws } from "../core/kinds/transcribe.js";

const BUILT_IN = [
  chatLaws,
  embedLaws,
  moderateLaws,
  imageLaws,
  speakLaws,
  transcribeLaws,
  rerankLaws,
  ocrLaws,
  decideLaws,
] as unknown as readonly KindLaws[];

/** The rules of kinds by their names. */
export class KindTable {
  private readonly laws = new Map<string, KindLaws>();

  constructor(own: readonly KindLaws[] = []) {
    for (const each of [...BUILT_IN, ...own]) this.laws.set(each.kind, each);
  }

  /** @throws {AiLibError} `CONFIG_ERROR` for a kind that is neither built in nor among the user's own. */
  get(kind: string): KindLaws {
    const laws = this.laws.get(kind);
    if (laws === undefined)
      throw configError(
        `There is no kind of call "${kind}"; known are: ${[...this.laws.keys()].join(", ")}. Pass the rules of your own as \`kinds\``,
      );
    return laws;
  }
}
