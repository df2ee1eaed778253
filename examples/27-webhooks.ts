// A vendor calls when a job has ended. The server checks the signature by the vendor's rule, handles a repeated call
// once, and refuses an unsigned one. Here the program also plays the vendor.
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openaiWebhooks, serveWebhooks } from "ai-lib/webhooks";

const secret = "whsec_c2VjcmV0IG9mIHRoZSBleGFtcGxl";

const server = createServer(
  serveWebhooks({
    sources: openaiWebhooks({ secret }),
    // `new WaitingRuns()` of ai-lib/jobs takes such events, and the waiting run polls immediately.
    onEvent: ({ type, subject }) => console.log(`${type}: ${subject}`),
    onRefused: ({ message }) => console.log(message),
  }),
).listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/openai`;

const body = JSON.stringify({ id: "evt_1", type: "response.completed", data: { id: "resp_1" } });
const at = Math.floor(Date.now() / 1000);
const signature = createHmac("sha256", Buffer.from(secret.slice("whsec_".length), "base64"))
  .update(`msg_1.${at}.${body}`)
  .digest("base64");
const headers = {
  "webhook-id": "msg_1",
  "webhook-timestamp": `${at}`,
  "webhook-signature": `v1,${signature}`,
};

const statuses: number[] = [];
for (const sent of [body, body, body.replace("resp_1", "resp_2")])
  statuses.push((await fetch(url, { method: "POST", headers, body: sent })).status);
console.log(statuses.join(" "));
server.close();
