import { placeOf } from "../../http/failure.js";
import { joinUrl } from "../../sources/join-url.js";
import { formatUtc } from "../../time/format.js";
import { failureOf, isFailure, openPoster } from "../deliver/post.js";
import type { AlertMessage } from "../message/message.js";
import { documentOf, headlineOf } from "../render/document.js";
import { plainText } from "../render/markup.js";
import { arrived, type Outcome, type Receiver, type Sending } from "./receiver.js";

interface Options {
  readonly url: string;
  readonly user: string | null;
  readonly keepAliveMs: number;
}

/** An alert ends by itself when nobody repeats it; three repeats may be lost. */
const KEPT_FOR = 4;

/**
 * An incident as an alert. Its labels are the same in all its messages, so that Alertmanager takes them for one alert; what
 * changes, severity too, is in annotations.
 */
export function alertOf(message: AlertMessage, nowMs: number, keepAliveMs: number) {
  const { route, incident, kind, severity, labels, since, status, links } = message;
  const document = documentOf(message);
  const own = Object.entries(labels).flatMap(([name, value]) => {
    const plain = labelName(name);
    return plain === undefined || value === "" ? [] : [[plain, value]];
  });
  return {
    // Ours last: a label of the same name must not take their place.
    labels: { ...Object.fromEntries(own), alertname: "AnomalyIncident", incident, route, kind },
    annotations: {
      summary: headlineOf(message),
      severity,
      description: document.lines.map(plainText).join("\n"),
    },
    startsAt: since,
    endsAt: status === "closed" ? formatUtc(nowMs) : formatUtc(nowMs + KEPT_FOR * keepAliveMs),
    ...(links.length > 0 && { generatorURL: links[links.length - 1].url }),
  };
}

/** A label's name as Alertmanager takes it; undefined of one that none can be made of. */
function labelName(name: string): string | undefined {
  const plain = name.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=[0-9])/, "_");
  return plain === "" ? undefined : plain;
}

/** Keeps alerts in an Alertmanager, by its API v2. @param passwordOf of the user, if there is one. */
export function alertmanager(options: Options, passwordOf: () => string | undefined): Receiver {
  const { url, user, keepAliveMs } = options;
  const poster = openPoster();
  const address = joinUrl(url, "api/v2/alerts");
  const post = async (
    messages: readonly AlertMessage[],
    { nowMs, signal }: Pick<Sending, "nowMs" | "signal">,
  ): Promise<Outcome> => {
    const password = user === null ? undefined : passwordOf();
    const answer = await poster.post(address, {
      headers: {
        "content-type": "application/json",
        ...(user !== null && {
          authorization: `Basic ${Buffer.from(`${user}:${password ?? ""}`).toString("base64")}`,
        }),
      },
      body: JSON.stringify(messages.map((message) => alertOf(message, nowMs, keepAliveMs))),
      signal,
      nowMs,
      secrets: password === undefined ? [] : [password],
    });
    if (isFailure(answer)) return answer;
    return answer.status < 300 ? arrived() : failureOf(placeOf(url), answer);
  };
  return {
    paceMs: 0,
    preview: (message) => JSON.stringify(alertOf(message, Date.parse(message.sent_at), keepAliveMs), null, 2),
    send: (message, sending) => post([message], sending),
    keepAlive: { everyMs: keepAliveMs, say: post },
    close: () => poster.close(),
  };
}
