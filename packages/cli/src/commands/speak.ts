import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import type { SoundFormat, VoiceInfo, VoiceTable } from "ai-lib";
import { usageError } from "../errors.js";
import { type Io, measureWidth, readPipe } from "../io.js";
import { bytesOf, createKindClient, printWarnings, withProgress } from "../kind-client.js";
import { parseNames } from "../option-values.js";
import { formatTable } from "../table.js";
import { foreignText } from "../terminal.js";

/** Options of `ai-lib speak`. */
interface SpeakOptions {
  readonly output?: string;
  readonly model?: string;
  readonly voice?: readonly string[];
  readonly voices?: boolean;
  readonly speed?: string;
  readonly instructions?: string;
  readonly quiet?: boolean;
}

const FORMATS: readonly SoundFormat[] = ["mp3", "wav", "opus", "aac", "flac", "pcm"];

/** Reads a text aloud into a file, or lists voices. */
export async function speak(io: Io, words: readonly string[], options: SpeakOptions): Promise<void> {
  if (options.voices === true) return listVoices(io, options.model);
  const { output = "", instructions, quiet } = options;
  const voice = readVoice(options.voice);
  const ending = extname(output).slice(1).toLowerCase();
  const [format] = parseNames("format of a sound", ending, FORMATS);
  if (format === undefined) throw usageError(`-o needs a file with an ending: ${FORMATS.join(", ")}`);
  const speed = options.speed === undefined ? undefined : Number(options.speed);
  const text = words.length > 0 ? words.join(" ") : await readPipe(io);
  if (text === "") throw usageError('Nothing to read aloud: ai-lib speak "Hello" -o hello.mp3');
  const { audio, warnings } = await withProgress(io, quiet, async (observer) => {
    const { client, model } = await createKindClient(io, "speak", options.model, observer);
    return client.speak({ text, model, voice, format, speed, instructions }, { signal: io.signal });
  });
  printWarnings(io, warnings, quiet);
  await writeFile(output, bytesOf(audio.data));
  if (quiet !== true) io.stderr.write(`${output} (${audio.mediaType})\n`);
}

/**
 * The voice, or a table of voices by provider where options are written `provider=voice`.
 * @throws {UsageError} for both together, and for several voices without providers.
 */
function readVoice(given: readonly string[] = []): string | VoiceTable | undefined {
  const pairs = given.map((each): readonly [string, string] => {
    const at = each.indexOf("=");
    return at < 1 ? ["", each] : [each.slice(0, at), each.slice(at + 1)];
  });
  if (pairs.every(([provider]) => provider !== ""))
    return given.length === 0 ? undefined : Object.fromEntries(pairs);
  if (given.length > 1)
    throw usageError("Several voices need their providers: --voice openai=nova --voice groq=diana");
  return given[0];
}

/** Prints the voices of a provider: a voice a line. */
async function listVoices(io: Io, model: string | undefined): Promise<void> {
  const { client } = await createKindClient(io, "speak", model);
  const voices = await client.listVoices({ signal: io.signal });
  if (voices.length === 0) return;
  const table = formatTable(
    [{ heading: "voice" }, { heading: "name" }, { heading: "languages" }, { heading: "models" }],
    voices.map((voice) => rowOf(io, voice)),
    measureWidth(io.stdout),
  );
  io.stdout.write(`${table}\n`);
}

function rowOf(io: Io, { id, name = "", languages = [], models = [] }: VoiceInfo): string[] {
  return [id, name, languages.join(" "), models.join(" ")].map((text) => foreignText(io.stdout, text));
}
