// The bare proxies for comparison with the gateway. usage: node proxies.mjs http|undici UPSTREAM-PORT
import http from "node:http";

const [, , kind, port] = process.argv;
const upstream = { host: "127.0.0.1", port: Number(port) };
const agent = new http.Agent({ keepAlive: true });
const pool = kind === "undici" ? new (await import("undici")).Pool(`http://127.0.0.1:${port}`) : undefined;

const server = http.createServer((request, response) => {
  const { url: path, method, headers } = request;
  if (pool !== undefined) {
    const { connection: _connection, "transfer-encoding": _coding, ...passed } = headers;
    pool.stream(
      { path, method, headers: passed, body: request },
      ({ statusCode, headers: got }) => {
        response.writeHead(statusCode, got);
        return response;
      },
      () => {},
    );
    return;
  }
  const outgoing = http.request({ ...upstream, path, method, headers, agent }, (reply) => {
    response.writeHead(reply.statusCode, reply.headers);
    reply.pipe(response);
  });
  outgoing.on("error", () => response.destroy());
  request.pipe(outgoing);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send?.(server.address().port));
