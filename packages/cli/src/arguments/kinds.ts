import { type Command, Option } from "commander";
import type { Io } from "../io.js";

const MODEL = "-m, --model <provider/model>";
const QUIET = "print no progress and no warnings";

/** Adds the commands of the kinds besides chat: embed, similar, rerank, transcribe, speak, image, count. */
export function addKinds(root: Command, io: Io): void {
  addEmbed(root, io);
  addSimilar(root, io);
  addRerank(root, io);
  addTranscribe(root, io);
  addSpeak(root, io);
  addImage(root, io);
  addCount(root, io);
}

function addEmbed(root: Command, io: Io): void {
  root
    .command("embed [words...]")
    .description("make vectors of texts; with --store, keep them in a collection")
    .option(MODEL, "model that embeds; a collection keeps its model")
    .option("--store <collection>", "keep the vectors in this collection")
    .option("-f, --file <path>", "embed a text file; may be repeated", collect)
    .option("--lines", "each line of standard input is a text")
    .option("--dimensions <number>", "length of the vectors, where the model can shorten them")
    .option("-q, --quiet", QUIET)
    .action(async (words: string[], options) =>
      (await import("../commands/embed.js")).embed(io, words, options),
    );
}

function addSimilar(root: Command, io: Io): void {
  root
    .command("similar [collection] [words...]")
    .description(
      "find the texts of a collection that are most alike to a text; without one, list the collections",
    )
    .option("-n, --count <number>", "how many (default: 5)")
    .option("--delete", "delete the collection")
    .option("--json", "print JSON")
    .option("-q, --quiet", QUIET)
    .action(async (collection: string | undefined, words: string[], options) =>
      (await import("../commands/similar.js")).similar(io, collection, words, options),
    );
}

function addRerank(root: Command, io: Io): void {
  root
    .command("rerank <query> [documents...]")
    .description("order documents, or the lines of standard input, by their relevance to a query")
    .option(MODEL, "model that ranks")
    .option("-n, --count <number>", "print only so many (default: all)")
    .option("--json", "print JSON")
    .option("-q, --quiet", QUIET)
    .action(async (query: string, documents: string[], options) =>
      (await import("../commands/rerank.js")).rerank(io, query, documents, options),
    );
}

function addTranscribe(root: Command, io: Io): void {
  root
    .command("transcribe <file>")
    .description("write down what is said in a sound: a file, or a URL")
    .option(MODEL, "model that listens")
    .option("-l, --language <code>", "language that is spoken, such as en (default: the model finds out)")
    .option("--prompt <text>", "names and words that help the model")
    .option("--speakers", "tell who speaks")
    .option("--translate", "write the text in English")
    .addOption(
      new Option("--format <format>", "what is printed")
        .choices(["text", "srt", "vtt", "json"])
        .default("text"),
    )
    .option("-q, --quiet", QUIET)
    .action(async (file: string, options) =>
      (await import("../commands/transcribe.js")).transcribe(io, file, options),
    );
}

function addSpeak(root: Command, io: Io): void {
  root
    .command("speak [words...]")
    .description("read a text, or standard input, aloud into a file")
    .option("-o, --output <file>", "file to write; its ending is the format: mp3, wav, opus, aac, flac, pcm")
    .option(MODEL, "model that speaks")
    .option(
      "--voice <name>",
      "a voice of the model, or <provider>=<name>, which may be repeated: the voice of each provider",
      collect,
    )
    .option("--voices", "list the voices of the provider")
    .option("--speed <number>", "1 is the voice's own speed")
    .option("--instructions <text>", "how to speak, where the model takes them")
    .option("-q, --quiet", QUIET)
    .action(async (words: string[], options) =>
      (await import("../commands/speak.js")).speak(io, words, options),
    );
}

function addImage(root: Command, io: Io): void {
  root
    .command("image [words...]")
    .description("make pictures, or change them with --input")
    .requiredOption("-o, --output <file>", "file to write: png, jpg or webp; several get numbers")
    .option(MODEL, "model that draws")
    .option("-n, --count <number>", "pictures (default: 1)")
    .option("--size <width>x<height>", "size in pixels")
    .option("--aspect <width:height>", "shape")
    .option("--input <file>", "picture to start from; may be repeated", collect)
    .option("-q, --quiet", QUIET)
    .action(async (words: string[], options) =>
      (await import("../commands/image.js")).image(io, words, options),
    );
}

function addCount(root: Command, io: Io): void {
  root
    .command("count [words...]")
    .description("count the input tokens of a prompt, or of standard input")
    .option(MODEL, "model that would answer")
    .option("--json", "print JSON")
    .option("-q, --quiet", QUIET)
    .action(async (words: string[], options) =>
      (await import("../commands/count.js")).count(io, words, options),
    );
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
