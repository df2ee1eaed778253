import type { Colors } from "../io.js";

type TokenizeWith = typeof import("@speed-highlight/core/tokenize").tokenizeWith;
type Language = Parameters<TokenizeWith>[1];
type TokenType = Parameters<Parameters<TokenizeWith>[2]>[1];

/** Names of languages that answers use, and those of the highlighter. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  javascript: "js",
  jsx: "js",
  mjs: "js",
  typescript: "ts",
  tsx: "ts",
  python: "py",
  rust: "rs",
  golang: "go",
  sh: "bash",
  shell: "bash",
  zsh: "bash",
  console: "bash",
  yml: "yaml",
  dockerfile: "docker",
  makefile: "make",
  markdown: "md",
  svg: "xml",
  jsonc: "json",
  cpp: "c",
  "c++": "c",
  h: "c",
};

/** Lines of a block beyond which its code is no longer coloured, since each line is read with those before it. */
const MAX_LINES = 300;

/** The lines of one block of code, in colours as they arrive. */
export class CodeBlock {
  private code = "";
  private lines = 0;

  private constructor(
    private readonly color: Colors,
    private readonly tokenize: TokenizeWith | undefined,
    private readonly language: Language | undefined,
    private readonly languages: Readonly<Record<string, Exclude<Language, string>>>,
  ) {}

  /** A block of a language, as the fence names it; without colours if the language is unknown. */
  static async open(name: string, color: Colors): Promise<CodeBlock> {
    const [{ tokenizeWith }, all] = await Promise.all([
      import("@speed-highlight/core/tokenize"),
      import("@speed-highlight/core/languages"),
    ]);
    const languages = all as unknown as Readonly<Record<string, Exclude<Language, string>>>;
    const wanted = name.toLowerCase();
    const known = Object.hasOwn(OTHER_NAMES, wanted) ? OTHER_NAMES[wanted] : wanted;
    const language = known !== undefined && Object.hasOwn(languages, known) ? languages[known] : undefined;
    return new CodeBlock(color, tokenizeWith, language, languages);
  }

  /** A block without colours. */
  static plain(color: Colors): CodeBlock {
    return new CodeBlock(color, undefined, undefined, {});
  }

  /** Formats the next line. */
  line(text: string): string {
    this.lines++;
    const { tokenize, language } = this;
    if (tokenize === undefined || language === undefined || this.lines > MAX_LINES) return text;
    const from = this.code.length;
    this.code += `${text}\n`;
    let at = 0;
    let line = "";
    tokenize(
      this.code,
      language,
      (piece, type) => {
        const end = at + piece.length;
        if (end > from) line += this.paint(piece.slice(Math.max(0, from - at)), type);
        at = end;
      },
      { languages: this.languages },
    );
    return line.replace("\n", "");
  }

  private paint(text: string, type: TokenType | undefined): string {
    const { color } = this;
    const [body = "", ...breaks] = text.split("\n");
    const painted = body === "" ? "" : paintAs(color, type)(body);
    return [painted, ...breaks].join("\n");
  }
}

function paintAs(color: Colors, type: TokenType | undefined): (text: string) => string {
  switch (type) {
    case "kwd":
    case "oper":
    case "section":
      return color.magenta;
    case "str":
    case "insert":
      return color.green;
    case "num":
    case "bool":
    case "esc":
      return color.yellow;
    case "func":
    case "class":
    case "type":
      return color.blue;
    case "cmnt":
      return color.gray;
    case "err":
    case "deleted":
      return color.red;
    default:
      return (given) => given;
  }
}
