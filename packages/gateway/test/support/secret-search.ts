import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A secret, in the forms in which it could be written. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  // Base64 has another text for each place in a group of three bytes; its edges depend on the neighbours.
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .slice(4, -4),
  );
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString("hex"),
    ...base64,
    ...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
  ];
}

/** Texts of a run, each with the place where it was. */
export class Traces {
  readonly texts: { readonly place: string; readonly text: string }[] = [];

  add(place: string, text: string): void {
    this.texts.push({ place, text });
  }

  /** Adds an answer with its headers. */
  async take(place: string, answer: Response): Promise<string> {
    const text = await answer.text().catch((error: unknown) => String(error));
    this.add(`${place} ${answer.status}, headers`, JSON.stringify([...answer.headers]));
    this.add(`${place} ${answer.status}, body`, text);
    return text;
  }

  /** Adds every file of a folder. */
  files(folder: string, skip: readonly string[] = []): void {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (skip.includes(path)) continue;
      const kind = statSync(path);
      if (kind.isDirectory()) this.files(path, skip);
      else if (kind.isFile()) this.add(`the file ${path}`, readFileSync(path, "latin1"));
    }
  }

  /** The places that have one of the secrets, with the name of it. @param excused places that may */
  leaks(
    secrets: Readonly<Record<string, string>>,
    excused: (place: string, name: string) => boolean,
  ): string[] {
    const found: string[] = [];
    for (const [name, secret] of Object.entries(secrets)) {
      if (secret.length < 12) throw new Error(`${name} is too short to be found`);
      const forms = formsOf(secret);
      for (const { place, text } of this.texts)
        if (!excused(place, name) && forms.some((form) => text.includes(form)))
          found.push(`${name} in ${place}`);
    }
    return found;
  }
}
