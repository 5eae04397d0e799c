import { joinUrl } from "../../sources/join-url.js";
import { failureOf, isFailure, openPoster } from "../deliver/post.js";
import type { AlertMessage } from "../message/message.js";
import { cut, documentOf, headlineOf } from "../render/document.js";
import { plainText } from "../render/markup.js";
import { arrived, type Receiver } from "./receiver.js";

/** @see https://developer.pagerduty.com/docs/events-api-v2-overview */
const SUMMARY = 1024;
const DEDUP_KEY = 255;
/** Of 512 kB that an event may have. */
const MOST_DETAILS = 100_000;
const LONGEST_SOURCE = 255;
const SEVERITY = { critical: "critical", high: "error", medium: "warning", low: "info" } as const;

/** An incident as an event; trigger and resolve of one incident have one key, so that whatever comes twice is one incident there. */
export function eventOf(message: AlertMessage) {
  const { incident, route, stage, status, severity, since, links, members, labels, kind } = message;
  const key = { dedup_key: cut(`${incident}-${route}`, DEDUP_KEY) };
  if (stage === "acknowledge") return { event_action: "acknowledge", ...key };
  if (status === "closed") return { event_action: "resolve", ...key };
  const details = documentOf(message).lines.map(plainText).join("\n");
  return {
    event_action: "trigger",
    ...key,
    client: "anomaly",
    links: links.map(({ words, url }) => ({ href: url, text: words })),
    payload: {
      summary: cut(headlineOf(message), SUMMARY),
      source: cut(labels["machine"] ?? members[0]?.name ?? "anomaly", LONGEST_SOURCE),
      severity: SEVERITY[severity],
      timestamp: since,
      class: kind,
      custom_details: { text: cut(details, MOST_DETAILS) },
    },
  };
}

/** Sends events to PagerDuty (Events API v2). A digest that is over resolves itself as an incident does. */
export function pagerduty({ url }: { readonly url: string }, keyOf: () => string): Receiver {
  const poster = openPoster();
  return {
    paceMs: 0,
    preview: (message) => JSON.stringify(eventOf(message), null, 2),
    send: async (message, { nowMs, signal }) => {
      const routingKey = keyOf();
      const answer = await poster.post(joinUrl(url, "v2/enqueue"), {
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ routing_key: routingKey, ...eventOf(message) }),
        signal,
        nowMs,
        secrets: [routingKey],
        name: "PagerDuty",
      });
      if (isFailure(answer)) return answer;
      return answer.status < 300 ? arrived() : failureOf("PagerDuty", answer);
    },
    close: () => poster.close(),
  };
}
