import { createHmac } from "node:crypto";
import { placeOf } from "../../http/failure.js";
import { failureOf, isFailure, openPoster } from "../deliver/post.js";
import type { AlertMessage } from "../message/message.js";
import { arrived, type Receiver } from "./receiver.js";

/**
 * The signature of a body sent at a time: `sha256=` and the HMAC-SHA256 of `<timestamp>.<body>` in hex. The time is signed too, so
 * that an old request cannot be sent again as a new one.
 */
export function signatureOf(secret: string, timestampS: number, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(`${timestampS}.${body}`).digest("hex")}`;
}

/** Sends the message as JSON. @param secretOf signs it; undefined: it is not signed. */
export function webhook({ url }: { readonly url: string }, secretOf: () => string | undefined): Receiver {
  const poster = openPoster();
  const bodyOf = (message: AlertMessage) => JSON.stringify(message);
  return {
    paceMs: 0,
    preview: (message) => JSON.stringify(message, null, 2),
    send: async (message, { key, nowMs, signal }) => {
      const body = bodyOf(message);
      const secret = secretOf();
      const timestampS = Math.floor(nowMs / 1000);
      const answer = await poster.post(url, {
        headers: {
          "content-type": "application/json",
          "idempotency-key": key,
          "x-anomaly-timestamp": String(timestampS),
          ...(secret !== undefined && { "x-anomaly-signature": signatureOf(secret, timestampS, body) }),
        },
        body,
        signal,
        nowMs,
        secrets: secret === undefined ? [] : [secret],
      });
      if (isFailure(answer)) return answer;
      return answer.status < 300 ? arrived() : failureOf(placeOf(url), answer);
    },
    close: () => poster.close(),
  };
}
