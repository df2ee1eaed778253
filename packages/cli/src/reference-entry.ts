import { Writable } from "node:stream";
import { createProgram } from "./program.js";
import { formatManPage, formatReference } from "./reference.js";
import { readVersion } from "./version.js";

const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
const root = createProgram(
  {
    stdin: process.stdin,
    stdout: nowhere,
    stderr: nowhere,
    environment: {},
    signal: new AbortController().signal,
  },
  () => undefined,
);

/** The reference of the command line for docs/cli.md, which `npm run generate` writes. */
export const reference = formatReference(root);
/** The manual page, which `npm run generate` writes. */
export const manPage = formatManPage(root, readVersion());
