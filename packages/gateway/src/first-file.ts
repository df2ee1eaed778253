/** The file that `init` writes. The tests check it like any other file. */
export const FIRST_FILE = `# yaml-language-server: $schema=https://unpkg.com/ai-lib-gateway/schema.json
# The configuration of ai-lib-gateway. Unknown keys are refused; \`ai-lib-gateway check\` lists what is wrong, by line.
# The gateway reads this file again when it changes. Secrets are never in it: { env: NAME } or { file: path }.

listen:
  host: 127.0.0.1 # 0.0.0.0 to be reached from other machines
  port: 4100

# Keys of clients, by their names. Without this, the gateway makes one at each start and prints it.
# keys:
#   team: { env: GATEWAY_TEAM_KEY }

# The admin API: keys, usage, logs, live state. On 127.0.0.1:4101; without tokens, each start makes one and prints it.
# admin: {}

# Where calls, keys and the audit log are stored. Default: SQLite, in a file beside this one with the ending .db.
# store: { postgres: { env: DATABASE_URL } } # or { sqlite: FILE }, or none

# Providers of ai-lib by their ids need no settings: their keys come from their own variables.
providers:
  openai: {}
  anthropic: {}
  # local:
  #   dialect: openai-chat
  #   baseUrl: http://127.0.0.1:8000/v1

# The models that clients can name. Routes nest like the functions of ai-lib: failover, weighted, hedged, retry, cache ...
routes:
  chat:
    failover:
      - retry: anthropic/claude-sonnet-5-5
      - retry: openai

# Other names: Claude Code asks for claude-..., Codex for gpt-...
aliases:
  claude-*: chat
  gpt-*: chat

# Requests without a model, and for models that no provider here has.
default: chat
`;
