// Starts each coding agent without a terminal, with a home and a working folder of its own.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const bin = (name) => new URL(`node_modules/${name}`, import.meta.url).pathname;

export const AGENTS = [
  {
    name: "Claude Code",
    dialect: "anthropic-messages",
    start: ({ base, prompt }) => ({
      command: bin(`@anthropic-ai/claude-code-${process.platform}-${process.arch}/claude`),
      args: ["-p", prompt, "--output-format", "json", "--allowedTools", "Bash", "--max-turns", "5"],
      env: {
        ANTHROPIC_BASE_URL: base,
        ANTHROPIC_API_KEY: "k",
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        DISABLE_AUTOUPDATER: "1",
      },
    }),
  },
  {
    name: "Codex",
    dialect: "openai-responses",
    start({ base, prompt, home }) {
      mkdirSync(join(home, ".codex"), { recursive: true });
      writeFileSync(
        join(home, ".codex/config.toml"),
        `model = "gpt-5.2"
model_provider = "house"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.house]
name = "house"
base_url = "${base}/v1"
env_key = "HOUSE_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
`,
      );
      return {
        command: process.execPath,
        args: [
          bin("@openai/codex/bin/codex.js"),
          "exec",
          "--json",
          "--skip-git-repo-check",
          "--dangerously-bypass-approvals-and-sandbox",
          prompt,
        ],
        env: { HOUSE_KEY: "k", CODEX_HOME: join(home, ".codex") },
      };
    },
  },
  {
    name: "opencode",
    dialect: "openai-chat",
    start({ base, prompt, folder }) {
      writeFileSync(
        join(folder, "opencode.json"),
        JSON.stringify({
          autoupdate: false,
          share: "disabled",
          provider: {
            house: {
              npm: "@ai-sdk/openai-compatible",
              name: "house",
              options: { baseURL: `${base}/v1`, apiKey: "k" },
              models: { m: { name: "m", tool_call: true, limit: { context: 100_000, output: 4_000 } } },
            },
          },
          permission: { bash: "allow" },
        }),
      );
      return {
        command: bin(`opencode-${process.platform}-${process.arch}/bin/opencode`),
        args: ["run", "-m", "house/m", prompt],
        env: {
          OPENCODE_DISABLE_AUTOUPDATE: "1",
          OPENCODE_DISABLE_MODELS_FETCH: "1",
          OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
        },
      };
    },
  },
  {
    name: "Gemini CLI",
    dialect: "gemini",
    start({ base, prompt, home }) {
      mkdirSync(join(home, ".gemini"), { recursive: true });
      const settings = {
        security: { auth: { selectedType: "gemini-api-key" } },
        general: { disableAutoUpdate: true, disableUpdateNag: true },
        privacy: { usageStatisticsEnabled: false },
        telemetry: { enabled: false },
      };
      writeFileSync(join(home, ".gemini/settings.json"), JSON.stringify(settings));
      return {
        command: process.execPath,
        args: [bin("@google/gemini-cli/bundle/gemini.js"), "-p", prompt, "-m", "gemini-2.5-pro", "--yolo"],
        env: {
          GEMINI_API_KEY: "k",
          GOOGLE_GEMINI_BASE_URL: base,
          GEMINI_CLI_TRUST_WORKSPACE: "true",
          GEMINI_CLI_NO_RELAUNCH: "true",
        },
      };
    },
  },
  {
    name: "Qwen Code",
    dialect: "openai-chat",
    start({ base, prompt, home }) {
      mkdirSync(join(home, ".qwen"), { recursive: true });
      const settings = {
        security: { auth: { selectedType: "openai" } },
        general: { disableAutoUpdate: true, enableAutoUpdate: false },
        privacy: { usageStatisticsEnabled: false },
      };
      writeFileSync(join(home, ".qwen/settings.json"), JSON.stringify(settings));
      return {
        command: process.execPath,
        args: [bin("@qwen-code/qwen-code/cli.js"), "-p", prompt, "--yolo", "--auth-type", "openai"],
        env: { OPENAI_API_KEY: "k", OPENAI_BASE_URL: `${base}/v1`, OPENAI_MODEL: "m" },
      };
    },
  },
];
