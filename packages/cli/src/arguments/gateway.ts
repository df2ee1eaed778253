import type { Command } from "commander";
import type { Io } from "../io.js";

/**
 * Adds the command that starts the gateway, where its package is installed.
 * @param end sets the exit code, which is the gateway's own
 */
export function addGateway(root: Command, io: Io, end: (code: number) => void): void {
  root
    .command("gateway [args...]")
    .description("serve any model to the clients of any dialect; needs the package ai-lib-gateway")
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: string[]) =>
      end(await (await import("../commands/gateway.js")).runGateway(io, args)),
    );
}
