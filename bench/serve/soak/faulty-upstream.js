import { createServer, request } from "node:http";

/** What an upstream can do wrong, one kind in each minute; `restarted` is done by the server itself. */
export const FAULTS = ["good", "away", "hangs", "slow", "500", "wrong", "cuts", "restarted"];
const SLOW_MS = 3000;

/** Stands between serve and its upstream, and does what `mode` says. */
export async function faultyUpstream(upstream) {
  const state = { mode: "good" };
  const server = createServer((asked, answer) => {
    if (state.mode === "away") return asked.socket.destroy();
    if (state.mode === "hangs") return undefined;
    if (state.mode === "500") return answer.writeHead(500).end("out of order");
    if (state.mode === "wrong")
      return answer.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in</html>");
    const { mode } = state;
    const on = request(`${upstream}${asked.url}`, { method: asked.method, headers: asked.headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      if (mode !== "cuts") return reply.pipe(answer);
      reply.once("data", (piece) => {
        answer.write(piece.subarray(0, 100));
        answer.destroy();
      });
    });
    on.on("error", () => answer.destroy());
    if (mode === "slow") setTimeout(() => asked.pipe(on), SLOW_MS);
    else asked.pipe(on);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    state,
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
