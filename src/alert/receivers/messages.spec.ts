import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { AlertMessage } from "../message/message.js";
import { textOf } from "../render/text.js";
import { testMessages, UGLY } from "../testing/messages.js";
import { alertOf } from "./alertmanager.js";
import { mailOf } from "./email.js";
import { annotationOfMessage } from "./grafana.js";
import { eventOf } from "./pagerduty.js";
import { slackBody } from "./slack.js";
import { telegramHtml } from "./telegram.js";

const json = (value: unknown) => JSON.stringify(value, null, 2);
const FORMS: Readonly<Record<string, (message: AlertMessage) => string>> = {
  webhook: json,
  text: textOf,
  slack: (message) => json(slackBody(message)),
  telegram: (message) => telegramHtml(message, 4096),
  "telegram-caption": (message) => telegramHtml(message, 1024),
  pagerduty: (message) => json(eventOf(message)),
  alertmanager: (message) => json(alertOf(message, Date.parse(message.sent_at), 180_000)),
  email: (message) => {
    const { subject, text, html } = mailOf(message, true);
    return `Subject: ${subject}\n\n${text}\n\n${html}`;
  },
  grafana: (message) => json(annotationOfMessage(message)),
};
const messages = testMessages();
const goldenOf = (name: string) => fileURLToPath(new URL(`../golden/${name}.md`, import.meta.url));

describe.each(Object.keys(FORMS))("messages for %s", (name) => {
  test("look as they did", () => {
    const page = Object.entries(messages).map(
      ([kind, message]) => `## ${kind}\n\n\`\`\`\`\n${FORMS[name](message)}\n\`\`\`\`\n`,
    );
    const text = `# Messages for ${name}\n\n${page.join("\n")}`;
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(goldenOf(name), text);
    expect(text).toBe(readFileSync(goldenOf(name), "utf8"));
  });
});

describe("limits and markup", () => {
  const all = Object.entries(messages);
  test.each(all)("%s fits where it goes", (_, message) => {
    const { text, blocks } = slackBody(message);
    expect(text.length).toBeLessThanOrEqual(3000);
    for (const block of blocks as { text: { text: string } }[])
      expect(block.text.text.length).toBeLessThanOrEqual(3000);
    for (const most of [1024, 4096]) expect(telegramHtml(message, most).length).toBeLessThanOrEqual(most);
    const event = eventOf(message);
    expect(event.dedup_key.length).toBeLessThanOrEqual(255);
    if ("payload" in event) expect(event.payload.summary.length).toBeLessThanOrEqual(1024);
    expect(mailOf(message, true).subject).not.toMatch(/[\r\n]/);
  });

  test.each(all)("%s is well-formed HTML, whatever it is cut to", (_, message) => {
    for (let most = 400; most <= 4096; most += 97) {
      const html = telegramHtml(message, most);
      const open: string[] = [];
      for (const [, slash, tag] of html.matchAll(/<(\/?)([a-z]+)[^>]*>/g)) {
        if (slash === "") open.push(tag);
        else expect(open.pop()).toBe(tag);
      }
      expect(open).toEqual([]);
      expect(html.replace(/<\/?(b|code|a)( href="[^"<>]*")?>/g, "")).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot|#39);)/);
    }
  });

  test("no name reaches Slack as a mention or as markup", () => {
    const shown = json(slackBody(messages["open"]));
    expect(UGLY).toContain("<!channel>");
    expect(shown).not.toContain("<!channel>");
    expect(shown).toContain("&lt;!channel&gt;");
    const [headline] = slackBody(messages["open"]).blocks as { text: { text: string } }[];
    expect(headline.text.text).toContain("*\u200be*\u200b_\u200bf_\u200b~\u200bg~\u200b`\u200bh`\u200b");
    expect(headline.text.text).toContain("request_seconds");
  });

  test("what nobody can see is written out, so that no name reads backwards", () => {
    for (const [name, form] of Object.entries(FORMS)) {
      if (["webhook", "alertmanager", "grafana", "pagerduty"].includes(name)) continue;
      expect(form(messages["open"])).not.toContain("\u202e");
    }
  });

  test("what is open since Tuesdays at the same time for weeks is said to be", () => {
    expect(messages["open"].history).toBe("second time in 7 days, always Tuesdays around 02:00");
  });
});
