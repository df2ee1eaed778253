/** Representatives of the characters that a class may have. */
const SAMPLES = [..."a0 A_-./\\\"'<>=:,;()[]{}%&?#@!*+~^$|`\n\t\r\0é\ud800"];

const ESCAPED: Readonly<Record<string, string>> = {
  d: "0",
  w: "a",
  s: " ",
  D: "a",
  W: " ",
  S: "a",
  n: "\n",
  r: "\r",
  t: "\t",
  0: "\0",
};

/**
 * Pieces of a pattern: runs of atoms between its parentheses and alternatives. An atom is a literal or a character that
 * a class accepts.
 */
function runsOf(source: string): string[][] {
  const runs: string[][] = [];
  let run: string[] = [];
  let literal = "";
  const flush = () => {
    if (literal !== "") run.push(literal);
    literal = "";
  };
  const close = () => {
    flush();
    if (run.length > 0) runs.push(run);
    run = [];
  };
  for (let i = 0; i < source.length; i++) {
    const one = source[i] ?? "";
    if (one === "|" || one === ")" || one === "(") {
      close();
      const group = /^\(\?(?::|<?[=!]|<\w+>)/.exec(source.slice(i));
      if (group !== null) i += group[0].length - 1;
    } else if (one === "{" || one === "*" || one === "+" || one === "?") {
      // What a quantifier follows is an atom of its own.
      if (literal.length > 1) {
        run.push(literal.slice(0, -1));
        literal = literal.slice(-1);
      }
      flush();
      if (one === "{") i = Math.max(i, source.indexOf("}", i));
    } else if (one === "[") {
      flush();
      let end = i + 1;
      while (end < source.length && source[end] !== "]") end += source[end] === "\\" ? 2 : 1;
      run.push(...membersOf(source.slice(i, end + 1)));
      i = end;
    } else if (one === "\\") {
      const hex = /^\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]+)\}|p\{\w+\})/.exec(
        source.slice(i),
      );
      const next = source[i + 1] ?? "";
      if (hex !== null) {
        const digits = hex[1] ?? hex[2] ?? hex[3];
        literal += digits === undefined ? "\ud800" : String.fromCodePoint(Number.parseInt(digits, 16));
        i += hex[0].length - 1;
      } else {
        i++;
        if (next !== "b" && next !== "B") literal += ESCAPED[next] ?? next;
      }
    } else if (one === ".") literal += "a";
    else if (one !== "^" && one !== "$") literal += one;
  }
  close();
  return runs;
}

function membersOf(source: string): string[] {
  const members = SAMPLES.filter((sample) => new RegExp(source).test(sample));
  return members.length <= 3 ? members : [members[0] ?? "", members.at(-1) ?? ""];
}

/** Texts that make an engine try again and again, each by the length that it is repeated to. */
export function hostileTexts({ source }: RegExp): ((length: number) => string)[] {
  const runs = runsOf(source);
  const whole = runs.flat().join("");
  const pumps = new Set<string>([whole, "a", " ", "\n"]);
  const heads = new Set<string>([""]);
  for (const run of runs) {
    pumps.add(run.join(""));
    for (const separator of ["-", " "]) for (const atom of run) pumps.add(separator + atom);
    heads.add(run.join(""));
    for (let i = 0; i < run.length; i++) {
      pumps.add(run[i] ?? "");
      pumps.add((run[i] ?? "") + (run[i + 1] ?? ""));
      heads.add(run.slice(0, i).join(""));
    }
  }
  for (let i = 0; i + 1 < runs.length; i++) pumps.add([...(runs[i] ?? []), ...(runs[i + 1] ?? [])].join(""));
  const texts: ((length: number) => string)[] = [];
  for (const pump of pumps) {
    if (pump === "") continue;
    for (const head of heads)
      for (const tail of ["", "\0!"])
        texts.push((length) => head + pump.repeat(Math.ceil(length / pump.length)) + tail);
  }
  return texts;
}
