import { createHash } from "node:crypto";
import { messageOf } from "../../errors/errors.js";
import { redact } from "../../wording/redact.js";
import { later, never } from "../deliver/post.js";
import type { AlertMessage } from "../message/message.js";
import { cut, documentOf, headlineOf } from "../render/document.js";
import { htmlEscape, htmlMarkup, plainText } from "../render/markup.js";
import { arrived, type Outcome, type Receiver } from "./receiver.js";

interface Options {
  readonly host: string;
  readonly port: number;
  readonly tls: "none" | "starttls" | "tls";
  readonly user: string | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly picture: boolean;
}

const TIMEOUT_MS = 10_000;
/** A header line has at most 998 characters (RFC 5322); people read far fewer. */
const SUBJECT = 200;

/** Subject and both bodies of a mail. @param hasPicture whether its picture comes with it. */
export function mailOf(message: AlertMessage, hasPicture: boolean) {
  const { lines } = documentOf(message);
  const headline = headlineOf(message);
  const picture = hasPicture ? '<p><img src="cid:picture" alt="The value with its expected band" width="800"></p>' : "";
  return {
    subject: cut(headline, SUBJECT),
    text: [headline, "", ...lines.map(plainText)].join("\n"),
    html: `<h3>${htmlEscape(headline)}</h3>\n<p>${lines.map(htmlMarkup).join("<br>\n")}</p>\n${picture}`,
  };
}

/** Mails; those of one incident are one conversation, and a mail that is sent twice has one id. */
export function email(options: Options, passwordOf: () => string): Receiver {
  const { host, port, tls, user, from, to } = options;
  const domain = from.replace(/^.*@/, "").replace(/[^\w.-].*$/, "") || "localhost";
  const idOf = (text: string) => `<${createHash("sha256").update(text).digest("hex").slice(0, 32)}@${domain}>`;
  return {
    paceMs: 0,
    preview: (message) => {
      const { subject, text } = mailOf(message, false);
      return `To: ${to.join(", ")}\nSubject: ${subject}\n\n${text}`;
    },
    send: async (message, { key, picture }) => {
      const { createTransport } = await import("nodemailer");
      const password = user === null ? "" : passwordOf();
      const transport = createTransport({
        host,
        port,
        secure: tls === "tls",
        requireTLS: tls === "starttls",
        ignoreTLS: tls === "none",
        ...(user !== null && { auth: { user, pass: password } }),
        connectionTimeout: TIMEOUT_MS,
        greetingTimeout: TIMEOUT_MS,
        socketTimeout: TIMEOUT_MS,
        // What is sent is ours: nothing is read from files or addresses that a name could hold.
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const bytes = options.picture ? await picture() : null;
      const thread = idOf(`${message.incident} ${message.route}`);
      try {
        await transport.sendMail({
          from,
          to: [...to],
          ...mailOf(message, bytes !== null),
          messageId: idOf(key),
          references: thread,
          ...(message.stage !== "open" && { inReplyTo: thread }),
          headers: { "Auto-Submitted": "auto-generated", "X-Anomaly-Incident": message.incident },
          ...(bytes !== null && {
            attachments: [
              { filename: "episode.png", content: Buffer.from(bytes), cid: "picture", contentType: "image/png" },
            ],
          }),
        });
        return arrived();
      } catch (thrown) {
        return failure(`${host}:${port}`, thrown, password);
      } finally {
        transport.close();
      }
    },
    close: async () => {},
  };
}

/** A reply of 5xx is for good (RFC 5321), but for one about the user, which is for a person to set right. */
function failure(place: string, thrown: unknown, password: string): Outcome {
  const { responseCode = 0, code = "" } = thrown as { readonly responseCode?: number; readonly code?: string };
  const words = redact(`${place}: ${messageOf(thrown).split("\n")[0]}`, [password]);
  return responseCode >= 500 && code !== "EAUTH" ? never(words) : later(words);
}
