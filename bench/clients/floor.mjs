import * as http from "node:http";

/** The work that no client can avoid: `node:http`, kept-alive connections, one `JSON.parse` per chunk. */
export const packages = [];
export const dialects = ["openai", "anthropic", "gemini"];

export function setup(base, dialect) {
  const agent = new http.Agent({ keepAlive: true });
  const ask = (stream, onData, onEnd) => {
    const path = {
      openai: "/v1/chat/completions",
      anthropic: "/v1/messages",
      gemini: `/v1beta/models/gemini-bench:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    }[dialect];
    const request = http.request(`${base}${path}`, {
      method: "POST",
      agent,
      headers: { "content-type": "application/json", authorization: "Bearer key" },
    });
    request.on("response", (response) => {
      response.on("data", onData);
      response.on("end", onEnd);
    });
    request.end(
      JSON.stringify({
        model: "gpt-bench",
        messages: [{ role: "user", content: "Say something" }],
        ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
      }),
    );
  };
  const read = {
    openai: (value) => value.choices[0]?.delta.content,
    anthropic: (value) => value.delta?.text,
    gemini: (value) => value.candidates[0]?.content.parts[0]?.text,
  }[dialect];
  return {
    chat: () =>
      new Promise((resolve) => {
        const pieces = [];
        ask(
          false,
          (piece) => pieces.push(piece),
          () => {
            const reply = JSON.parse(Buffer.concat(pieces).toString());
            resolve(
              dialect === "openai"
                ? reply.choices[0].message.content
                : dialect === "anthropic"
                  ? reply.content[0].text
                  : reply.candidates[0].content.parts[0].text,
            );
          },
        );
      }),
    stream: (onText) =>
      new Promise((resolve) => {
        let rest = "";
        const frameEnd = dialect === "gemini" ? "\r\n\r\n" : "\n\n";
        ask(
          true,
          (piece) => {
            rest += piece.toString();
            for (;;) {
              const end = rest.indexOf(frameEnd);
              if (end < 0) return;
              const at = rest.indexOf("data: ") + 6;
              const data = rest.slice(at, end);
              rest = rest.slice(end + frameEnd.length);
              if (data === "[DONE]") continue;
              const text = read(JSON.parse(data));
              if (text) onText(text);
            }
          },
          resolve,
        );
      }),
  };
}
