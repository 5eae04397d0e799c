import { createConnection, createServer } from "node:net";

/*
 * A network between us and a server on loopback: passes everything on, each way later by half of a round trip.
 *
 *     node relay.js PORT ROUND_TRIP_MS        prints the port that it listens on
 */
const [port, roundTripMs] = process.argv.slice(2).map(Number);
const pass = (from, to) => {
  from.on("data", (chunk) => setTimeout(() => to.destroyed || to.write(chunk), roundTripMs / 2));
  from.on("end", () => setTimeout(() => to.end(), roundTripMs / 2));
  from.on("error", () => to.destroy());
};
const server = createServer((near) => {
  const far = createConnection(port, "127.0.0.1");
  pass(near, far);
  pass(far, near);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
