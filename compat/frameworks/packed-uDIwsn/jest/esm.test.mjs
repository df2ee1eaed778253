import { AiClient, defineChatProvider } from "ai-lib";
test("esm", async () => { expect((await new AiClient(defineChatProvider({ name: "e", chat: () => "Hello" })).chat("Hi")).text).toBe("Hello"); });