
import { AiClient, defineProvider, failover } from "ai-lib";
export const runtime = "nodejs";
export const dynamic = "force-dynamic";
const member = (name) =>
  defineProvider(
    { id: name, dialect: "openai-chat", baseUrl: process.env.MODEL_URL + "/@" + name + "/~openai-chat", model: "m" },
    { apiKey: "k" },
  );
export async function GET() {
  const chain = failover([member("nodejs-down"), member("nodejs-up")]);
  return Response.json({ text: (await new AiClient(chain).chat("Hi")).text, edge: typeof EdgeRuntime });
}
export async function POST(request) {
  const { prompt } = await request.json();
  return new AiClient(member("nodejs-up")).stream(prompt).toResponse();
}
