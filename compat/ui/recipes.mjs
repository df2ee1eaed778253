// One server for each framework. Each has the page at / and /page.js, and the chat at POST /api/chat.
import { createServer } from "node:http";
import { serve } from "@hono/node-server";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";

const HTML =
  '<!doctype html><meta charset="utf-8"><title>chat</title><div id="root"></div><script type="module" src="/page.js"></script>';
const format = "ai-sdk";

const listening = (server) => new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
const running = (server) => ({
  url: `http://127.0.0.1:${server.address().port}`,
  close: () => {
    server.close();
    server.closeAllConnections();
  },
});

export const recipes = {
  async "node:http"(chat, page) {
    const server = createServer(async (request, response) => {
      if (request.url === "/api/chat") {
        let body = "";
        for await (const chunk of request) body += chunk;
        await chat(JSON.parse(body)).pipeTo(response, { format });
      } else if (request.url === "/page.js")
        response.writeHead(200, { "content-type": "text/javascript" }).end(page);
      else response.writeHead(200, { "content-type": "text/html" }).end(HTML);
    });
    return running(await listening(server));
  },

  async Express(chat, page) {
    const app = express();
    app.use(express.json());
    app.get("/", (_request, response) => response.type("html").send(HTML));
    app.get("/page.js", (_request, response) => response.type("js").send(page));
    app.post("/api/chat", (request, response) => chat(request.body).pipeTo(response, { format }));
    return running(await listening(createServer(app)));
  },

  async Fastify(chat, page) {
    const app = Fastify();
    app.get("/", (_request, reply) => reply.type("text/html").send(HTML));
    app.get("/page.js", (_request, reply) => reply.type("text/javascript").send(page));
    app.post("/api/chat", (request, reply) => {
      reply.hijack();
      return chat(request.body).pipeTo(reply.raw, { format });
    });
    await app.listen({ port: 0, host: "127.0.0.1" });
    return running(app.server);
  },

  async "Fastify, with a web response"(chat, page) {
    const app = Fastify();
    app.get("/", (_request, reply) => reply.type("text/html").send(HTML));
    app.get("/page.js", (_request, reply) => reply.type("text/javascript").send(page));
    app.post("/api/chat", async (request) => chat(request.body).toResponse({ format }));
    await app.listen({ port: 0, host: "127.0.0.1" });
    return running(app.server);
  },

  async Hono(chat, page) {
    const app = new Hono();
    app.get("/", (c) => c.html(HTML));
    app.get("/page.js", (c) => c.body(page, 200, { "content-type": "text/javascript" }));
    app.post("/api/chat", async (c) => chat(await c.req.json()).toResponse({ format }));
    const server = await new Promise((resolve) => {
      const started = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, () => resolve(started));
    });
    return running(server);
  },
};
