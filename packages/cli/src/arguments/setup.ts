import type { Command } from "commander";
import type { Io } from "../io.js";

/** Adds the commands about providers, their models and their keys. */
export function addSetup(root: Command, io: Io): void {
  addKeys(root, io);
  addModels(root, io);
  addAliases(root, io);
  addTemplates(root, io);
  addProviders(root, io);
  addHealth(root, io);
  addDoctor(root, io);
  addCompletion(root, io);
}

function addKeys(root: Command, io: Io): void {
  const keys = root.command("keys").description("store API keys in a file that only you can read");
  keys
    .command("set <provider>")
    .description("store a key, typed without echo or read from standard input")
    .action(async (id: string) => (await import("../commands/keys.js")).setKey(io, id));
  keys
    .command("rm <provider>")
    .description("remove the stored key of a provider")
    .action(async (id: string) => (await import("../commands/keys.js")).removeStoredKey(io, id));
  keys
    .command("test <provider>")
    .description("check that a provider accepts its key, without using tokens")
    .action(async (id: string) => (await import("../commands/keys.js")).testKey(io, id));
  keys
    .command("list")
    .description("list the stored keys without their values")
    .option("--json", "print JSON")
    .action(async (options) => (await import("../commands/keys.js")).listKeys(io, options));
  keys
    .command("path")
    .description("print the path of the keys file")
    .action(async () => (await import("../commands/keys.js")).showKeysPath(io));
}

function addModels(root: Command, io: Io): void {
  const models = root
    .command("models [provider]")
    .description("list the models of a provider, or of all configured providers")
    .option("--json", "print JSON")
    .option("--raw", "leave control sequences in names on a terminal")
    .action(async (id: string | undefined, options) =>
      (await import("../commands/models.js")).listModels(io, id, options),
    );
  models
    .command("default [provider/model]")
    .description("set or show the model that answers where none is named")
    .option("--clear", "set no default")
    .action(async (model: string | undefined, options) =>
      (await import("../commands/aliases.js")).setDefaultModel(io, model, options),
    );
}

function addAliases(root: Command, io: Io): void {
  const aliases = root.command("aliases").description("give models short names");
  aliases
    .command("set <name> <provider/model>")
    .description("set an alias, for -m and other options that take a model")
    .action(async (name: string, model: string) =>
      (await import("../commands/aliases.js")).setAlias(io, name, model),
    );
  aliases
    .command("rm <name>")
    .description("remove an alias")
    .action(async (name: string) => (await import("../commands/aliases.js")).removeAlias(io, name));
  aliases
    .command("list", { isDefault: true })
    .description("list the aliases")
    .option("--json", "print JSON")
    .action(async (options) => (await import("../commands/aliases.js")).listAliases(io, options));
}

function addTemplates(root: Command, io: Io): void {
  const templates = root.command("templates").description("prompts with variables, as YAML files");
  templates
    .command("list", { isDefault: true })
    .description("list the templates")
    .action(async () => (await import("../commands/templates.js")).showTemplates(io));
  templates
    .command("show <name>")
    .description("print a template")
    .action(async (name: string) => (await import("../commands/templates.js")).showTemplate(io, name));
  templates
    .command("edit <name>")
    .description("write or change a template in $EDITOR")
    .action(async (name: string) => (await import("../commands/templates.js")).editTemplate(io, name));
  templates
    .command("rm <name>")
    .description("delete a template")
    .action(async (name: string) => (await import("../commands/templates.js")).removeTemplate(io, name));
}

function addProviders(root: Command, io: Io): void {
  root
    .command("providers")
    .description("list all providers, which of them are configured, and the variables of their keys")
    .option("--json", "print JSON")
    .action(async (options) => (await import("../commands/providers.js")).listProviders(io, options));
}

function addHealth(root: Command, io: Io): void {
  root
    .command("health [targets...]")
    .description("check whether providers respond, without using tokens (default: all configured ones)")
    .option("--json", "print JSON")
    .action(async (targets: string[], options) =>
      (await import("../commands/health.js")).checkHealth(io, targets, options),
    );
}

function addDoctor(root: Command, io: Io): void {
  root
    .command("doctor")
    .description("check versions, settings, keys, proxies, the clock and every configured provider")
    .option("--json", "print JSON")
    .action(async (options) => (await import("../commands/doctor.js")).diagnose(io, options));
}

function addCompletion(root: Command, io: Io): void {
  root
    .command("completion <shell>")
    .description('print the completion script of bash, zsh or fish: eval "$(ai-lib completion bash)"')
    .action(async (shell: string) => (await import("../commands/completion.js")).printCompletion(io, shell));
  // What those scripts call.
  root
    .command("__complete [words...]", { hidden: true })
    .allowUnknownOption()
    .action(async (words: string[]) => (await import("../commands/completion.js")).complete(io, root, words));
}
