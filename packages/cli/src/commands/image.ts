import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import type { Picture } from "ai-lib";
import { image as readImage } from "ai-lib/content";
import { usageError } from "../errors.js";
import { type Io, readPipe } from "../io.js";
import { bytesOf, createKindClient, printWarnings, withProgress } from "../kind-client.js";
import { parseNames, parseWholeNumber } from "../option-values.js";
import { foreignText } from "../terminal.js";

/** Options of `ai-lib image`. */
interface ImageOptions {
  readonly output: string;
  readonly model?: string;
  readonly count?: string;
  readonly size?: string;
  readonly aspect?: string;
  readonly input?: readonly string[];
  readonly quiet?: boolean;
}

/** Makes pictures and writes them to files. */
export async function image(io: Io, words: readonly string[], options: ImageOptions): Promise<void> {
  const { output, size, aspect, quiet } = options;
  const n = options.count === undefined ? undefined : parseWholeNumber("-n", options.count, 1);
  const ending = extname(output).slice(1).toLowerCase();
  const [format] = parseNames("format of a picture", ending === "jpg" ? "jpeg" : ending, [
    "png",
    "jpeg",
    "webp",
  ]);
  if (format === undefined) throw usageError("-o needs a file with an ending: png, jpg or webp");
  const prompt = words.length > 0 ? words.join(" ") : await readPipe(io);
  if (prompt === "") throw usageError('Say what to draw: ai-lib image "A cat with a hat" -o cat.png');
  const images = await readInputs(options.input);
  const response = await withProgress(io, quiet, async (observer) => {
    const { client, model } = await createKindClient(io, "image", options.model, observer);
    const request = {
      prompt,
      model,
      n,
      size,
      aspectRatio: aspect,
      images,
      format: askedFormat(format),
      bytes: true,
    };
    return client.image(request, { signal: io.signal });
  });
  printWarnings(io, response.warnings, quiet);
  if (response.text !== undefined && quiet !== true)
    io.stderr.write(`${foreignText(io.stderr, response.text)}\n`);
  for (const [i, picture] of response.images.entries()) {
    const path = i === 0 ? output : output.replace(/(\.[^.]+)$/, `-${i + 1}$1`);
    await writeFile(path, bytesOf(picture.data));
    if (quiet !== true) io.stderr.write(`${path} (${picture.mediaType ?? "unknown type"})\n`);
  }
  if (response.images.length === 0) bytesOf(undefined);
}

/** PNG is what most models make unless they are asked. */
function askedFormat(format: "png" | "jpeg" | "webp"): typeof format | undefined {
  return format === "png" ? undefined : format;
}

async function readInputs(paths: readonly string[] | undefined): Promise<Picture[] | undefined> {
  if (paths === undefined) return undefined;
  return Promise.all(
    paths.map(async (path) => {
      const { data, url, mediaType } = await readImage(path);
      return { data, url, mediaType };
    }),
  );
}
