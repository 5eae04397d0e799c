import { failureOf, isFailure, openPoster } from "../deliver/post.js";
import { arrived, type Receiver } from "./receiver.js";
import { slackBody } from "./slack.js";

const PACE_MS = 1000;

/** A message each time: an incoming webhook says no id, so that nothing can be edited. Its address is the secret. */
export function slackWebhook(urlOf: () => string): Receiver {
  const poster = openPoster();
  return {
    paceMs: PACE_MS,
    preview: (message) => JSON.stringify(slackBody(message), null, 2),
    send: async (message, { nowMs, signal }) => {
      const url = urlOf();
      const path = URL.canParse(url) ? new URL(url).pathname : url;
      const answer = await poster.post(url, {
        headers: { "content-type": "application/json" },
        body: JSON.stringify(slackBody(message)),
        signal,
        nowMs,
        secrets: [url, path],
        name: "Slack's webhook",
      });
      if (isFailure(answer)) return answer;
      return answer.status < 300 ? arrived() : failureOf("Slack's webhook", answer);
    },
    close: () => poster.close(),
  };
}
