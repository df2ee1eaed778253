import type { ChatProvider } from "ai-lib";
import { callOf, contextOf, type Kind, openMember, type Sink } from "ai-lib/kit";
import { relay, type ServedCallOf, serverHalves, serveWeb } from "ai-lib/serve";

/**
 * A server of a provider in every dialect. Chats go through `relay`; calls of other kinds are opened by hand, as layers
 * open their members.
 */
export async function server(provider: ChatProvider): Promise<(request: Request) => Promise<Response>> {
  return serveWeb({
    halves: await serverHalves(),
    models: () => provider.listModels?.() ?? [],
    handle(call) {
      if (call.kind === "chat") {
        relay(call, provider);
        return;
      }
      const { laws, request, mode, reply } = call as ServedCallOf<Kind>;
      laws.validate(request);
      const opened = callOf(laws, request, mode, contextOf({ signal: reply.signal }));
      reply.attach(openMember(provider, opened, reply as Sink));
    },
  });
}
