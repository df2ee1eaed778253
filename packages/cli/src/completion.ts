import type { Command, Option } from "commander";
import type { Io } from "./io.js";

/** What a value means, so that its candidates can be listed. */
type ValueKind = "model" | "provider" | "template" | "conversation" | "alias" | "shell" | "file";

/** Candidates for the last word of a command line; undefined where files are meant. */
export async function listCandidates(
  io: Io,
  root: Command,
  words: readonly string[],
): Promise<string[] | undefined> {
  const last = words.at(-1) ?? "";
  const { command, before, arguments: given } = walk(root, words.slice(0, -1));
  const assigned = /^(--[\w-]+)=(.*)$/.exec(last);
  const option = findOption(command, assigned?.[1] ?? before);
  if (option !== undefined && takesValue(option)) {
    const kind = kindOf(option.long ?? "", option.flags);
    const values = await listValues(io, kind);
    const prefix = assigned === null ? "" : `${assigned[1]}=`;
    return values?.map((value) => prefix + value).filter((value) => value.startsWith(last));
  }
  if (last.startsWith("-")) return listOptions(command).filter((name) => name.startsWith(last));
  const names = given === 0 ? command.commands.filter(isShown).map((each) => each.name()) : [];
  const argument = command.registeredArguments[given];
  const values = argument === undefined ? [] : await listValues(io, kindOf(argument.name(), ""));
  if (names.length === 0 && values === undefined) return undefined;
  return [...names, ...(values ?? [])].filter((name) => name.startsWith(last));
}

/** Finds the command that the words name, the last word, and how many arguments the command has. */
function walk(
  root: Command,
  words: readonly string[],
): { command: Command; before: string; arguments: number } {
  let command = root;
  let count = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word.startsWith("-")) {
      const option = findOption(command, word);
      if (option !== undefined && takesValue(option) && i < words.length - 1) i++;
      continue;
    }
    const inner = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (inner !== undefined && count === 0) command = inner;
    else count++;
  }
  return { command, before: words.at(-1) ?? "", arguments: count };
}

/** The options of a command; those of a prompt where no command is named. */
function optionsOf(command: Command): readonly Option[] {
  if (command.parent !== null) return command.options;
  const ask = command.commands.find((each) => each.name() === "ask");
  return [...command.options, ...(ask?.options ?? [])];
}

function findOption(command: Command, flag: string): Option | undefined {
  return optionsOf(command).find((option) => option.short === flag || option.long === flag);
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function listOptions(command: Command): string[] {
  return [...optionsOf(command).flatMap((option) => option.long ?? option.short ?? []), "--help"];
}

function isShown(command: Command): boolean {
  return !command.name().startsWith("__");
}

function kindOf(name: string, flags: string): ValueKind | undefined {
  if (name === "--model" || name === "provider/model" || name === "targets") return "model";
  if (name === "provider") return "provider";
  if (name === "--template") return "template";
  if (name === "--conversation") return "conversation";
  if (name === "shell") return "shell";
  return /<(file|module|schema)>/.test(flags) ? "file" : undefined;
}

async function listValues(io: Io, kind: ValueKind | undefined): Promise<string[] | undefined> {
  switch (kind) {
    case "file":
      return undefined;
    case "shell":
      return ["bash", "zsh", "fish"];
    case "template":
      return (await import("./prompt/template.js")).listTemplates(io.environment);
    case "conversation":
      return (await import("./saved/conversation.js")).listConversations(io.environment);
    case "model":
    case "provider":
    case "alias":
      return listProviders(io, kind);
    case undefined:
      return [];
    default: {
      const never: never = kind;
      throw new TypeError(`Unknown kind of value ${String(never)}`);
    }
  }
}

/** Providers, the configured ones first; with models, also the aliases and the default model of each provider. */
async function listProviders(io: Io, kind: "model" | "provider" | "alias"): Promise<string[]> {
  const [{ listConfigured, readSetup }, { readSettings }] = await Promise.all([
    import("./setup.js"),
    import("./settings.js"),
  ]);
  const { aliases = {} } = await readSettings(io.environment);
  if (kind === "alias") return Object.keys(aliases);
  const setup = await readSetup(io);
  const ids = [...new Set([...listConfigured(setup), ...setup.factory.ids()])];
  if (kind === "provider") return ids;
  const models = ids.flatMap((id) => {
    const { model, models: known = {} } = setup.factory.data(id);
    return [...new Set([...(model === undefined ? [] : [model]), ...Object.keys(known)])].map(
      (name) => `${id}/${name}`,
    );
  });
  return [...Object.keys(aliases), ...ids, ...models];
}

/** Prints the script that makes a shell complete the words of `ai-lib`. */
export function completionScript(shell: "bash" | "zsh" | "fish"): string {
  switch (shell) {
    case "bash":
      return BASH;
    case "zsh":
      return ZSH;
    case "fish":
      return FISH;
    default: {
      const never: never = shell;
      throw new TypeError(`Unknown shell ${String(never)}`);
    }
  }
}

// The command prints one candidate per line, or ":files" where the shell is to complete files.
const BASH = `# ai-lib completion for bash: add to ~/.bashrc: eval "$(ai-lib completion bash)"
_ai_lib() {
  local word candidate prefix n=-1
  local -a words=()
  COMPREPLY=()
  # Bash splits words at ":" and "=", which names of models and options hold.
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ $n -ge 0 && ( $word == [:=]* || \${words[n]} == *[:=] ) ]]; then
      words[n]+=$word
    else
      n=$((n + 1))
      words[n]=$word
    fi
  done
  prefix="\${words[n]%"\${words[n]##*[:=]}"}"
  while IFS= read -r candidate; do
    if [ "$candidate" = ":files" ]; then
      compopt -o default 2>/dev/null
      return
    fi
    printf -v candidate %q "\${candidate#"$prefix"}"
    COMPREPLY+=("$candidate")
  done < <(ai-lib __complete -- "\${words[@]}" 2>/dev/null)
}
complete -F _ai_lib ai-lib
`;
const ZSH = `#compdef ai-lib
# ai-lib completion for zsh: add to ~/.zshrc: eval "$(ai-lib completion zsh)"
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
_ai_lib() {
  local -a candidates
  candidates=(\${(f)"$(ai-lib __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if [[ "$candidates" == ":files" ]]; then
    _files
  else
    compadd -a candidates
  fi
}
compdef _ai_lib ai-lib
`;
const FISH = `# ai-lib completion for fish: ai-lib completion fish > ~/.config/fish/completions/ai-lib.fish
function __ai_lib
  set -l words (commandline -opc) (commandline -ct)
  set -l candidates (ai-lib __complete -- $words[2..-1] 2>/dev/null)
  if test "$candidates" = ":files"
    __fish_complete_path (commandline -ct)
  else
    for candidate in $candidates
      echo $candidate
    end
  end
end
complete -c ai-lib -f -a '(__ai_lib)'
`;
