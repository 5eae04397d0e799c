import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";

/** A mail server on loopback that takes everything, or refuses every recipient with a reply. */
export interface SmtpEnd {
  readonly port: number;
  readonly mails: string[];
  refusal: string | null;
  readonly close: () => Promise<void>;
}

/** As much of RFC 5321 as a client needs that sends plain mails. */
export async function smtpEnd(): Promise<SmtpEnd> {
  const mails: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let inData = false;
    let rest = "";
    let mail = "";
    const reply = (line: string) => socket.write(`${line}\r\n`);
    reply("220 test");
    socket.on("data", (chunk) => {
      rest += chunk.toString("utf8");
      for (let at = rest.indexOf("\r\n"); at >= 0; at = rest.indexOf("\r\n")) {
        const line = rest.slice(0, at);
        rest = rest.slice(at + 2);
        if (inData) {
          if (line === ".") {
            inData = false;
            mails.push(mail);
            mail = "";
            reply("250 taken");
          } else mail += `${line.replace(/^\.\./, ".")}\n`;
        } else if (/^RCPT/i.test(line) && end.refusal !== null) reply(end.refusal);
        else if (/^DATA/i.test(line)) {
          inData = true;
          reply("354 go on");
        } else if (/^QUIT/i.test(line)) {
          reply("221 bye");
          socket.end();
        } else reply("250 ok");
      }
    });
    socket.on("error", () => {});
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const end: SmtpEnd = {
    port: (server.address() as AddressInfo).port,
    mails,
    refusal: null,
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
  return end;
}
