import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import type { SoundFormat } from "ai-lib";
import { usageError } from "../errors.js";
import { type Io, readPipe } from "../io.js";
import { bytesOf, createKindClient, printWarnings, withProgress } from "../kind-client.js";
import { parseNames } from "../option-values.js";

/** Options of `ai-lib speak`. */
interface SpeakOptions {
  readonly output: string;
  readonly model?: string;
  readonly voice?: string;
  readonly speed?: string;
  readonly instructions?: string;
  readonly quiet?: boolean;
}

const FORMATS: readonly SoundFormat[] = ["mp3", "wav", "opus", "aac", "flac", "pcm"];

/** Reads a text aloud into a file. */
export async function speak(io: Io, words: readonly string[], options: SpeakOptions): Promise<void> {
  const { output, voice, instructions, quiet } = options;
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
