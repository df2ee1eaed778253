/** A file of this machine, opened for reading. */
export interface OpenedFile {
  readonly name: string;
  readonly size: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Opens a file. Node's side of `#files`; `files-none.ts` replaces it where there are no files. */
export async function openFile(path: string): Promise<OpenedFile> {
  const [{ createReadStream }, { stat }, { basename }] = await Promise.all([
    import("node:fs"),
    import("node:fs/promises"),
    import("node:path"),
  ]);
  const found = await stat(path);
  // Reading it would only fail once it is sent.
  if (found.isDirectory()) throw new Error("it is a directory");
  return { name: basename(path), size: found.size, content: new FilePieces(() => createReadStream(path)) };
}

/** What Node's file streams are to the code here. */
interface FileStream extends AsyncIterable<Uint8Array> {
  destroy(): unknown;
}

/** The pieces of a file, which is opened when reading begins. */
class FilePieces implements AsyncIterable<Uint8Array> {
  private stream: FileStream | undefined;

  constructor(private readonly open: () => FileStream) {}

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    this.stream?.destroy();
    this.stream = this.open();
    return this.stream[Symbol.asyncIterator]();
  }

  /** Closes the file. */
  destroy(): void {
    this.stream?.destroy();
  }
}

/** The SHA-256 of a file's bytes, in hexadecimal. */
export async function digestFile(path: string): Promise<string> {
  const [{ createHash }, { createReadStream }] = await Promise.all([
    import("node:crypto"),
    import("node:fs"),
  ]);
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest("hex");
}

/** The path of a `file:` URL. @throws for a URL of another machine. */
export function pathOfFileUrl(url: string): string {
  const { fileURLToPath } = process.getBuiltinModule("node:url");
  return fileURLToPath(url);
}
