import { chatOf } from "../../../../chat.mjs";

export async function POST(request) {
  const chat = chatOf(process.env.MODEL_BASE_URL);
  return chat(await request.json()).toResponse({ format: "ai-sdk" });
}
