import type { DialectTarget, VoiceListCodec, VoicePage } from "../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../core/contract/transport.js";
import type { VoiceInfo } from "../../core/values/speech.js";

/** Pages that are read of one list. */
const MAX_PAGES = 50;

/** The voices of all pages of a list, each once. A list without end stops after 50 pages. */
export async function readVoices(
  list: VoiceListCodec,
  target: DialectTarget,
  read: (http: HttpRequest, decode: (reply: HttpReply) => VoicePage) => Promise<VoicePage>,
): Promise<VoiceInfo[]> {
  const voices = new Map<string, VoiceInfo>();
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const from = after;
    const found = await read(list.encode(target, from), (reply) => list.decode(reply, target, from));
    for (const voice of found.voices) if (!voices.has(voice.id)) voices.set(voice.id, voice);
    if (found.next === undefined || found.next === after || found.voices.length === 0) break;
    after = found.next;
  }
  return [...voices.values()];
}
