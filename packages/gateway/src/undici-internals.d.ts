/** The file of undici that has its agent. Its index would load `fetch`, WebSocket and caches besides: 10 MB. */
declare module "undici/lib/dispatcher/agent.js" {
  import { Agent } from "undici";
  export = Agent;
}
