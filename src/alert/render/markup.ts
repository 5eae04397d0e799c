import type { Line, Span } from "./document.js";

/** Plain text; links as words and address. */
export function plainText(line: Line): string {
  return line.map(({ text, url }) => (url === undefined ? text : `${text}: ${url}`)).join("");
}

const escapeThree = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * Slack's mrkdwn. Slack takes three characters for its own and unescapes them; `*`, `_`, `~` and a backtick mark up text only at the edge of a word,
 * so a character of no width behind them keeps names such as `*foo*` as they are.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */
export function slackMarkup(line: Line): string {
  return line
    .map(({ text, style, url }: Span) => {
      if (url !== undefined) return `<${escapeThree(url).replaceAll("|", "%7C")}|${slackEscape(text)}>`;
      if (style === "code") return `\`${escapeThree(text).replaceAll("`", "'")}\``;
      if (style === "bold") {
        const [, before, inner, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? ["", "", text, ""];
        return `${before}*${slackEscape(inner)}*${after}`;
      }
      return slackEscape(text);
    })
    .join("");
}

/** Zero-width space: it ends what would else be markup, and nobody sees it. */
const NO_WIDTH = "\u200b";

export function slackEscape(text: string): string {
  return escapeThree(text).replace(/[*_~`]/g, (mark) => `${mark}${NO_WIDTH}`);
}

export const htmlEscape = (text: string) => escapeThree(text).replaceAll('"', "&quot;").replaceAll("'", "&#39;");

/** The few HTML elements that Telegram takes, and mail programs too. */
export function htmlMarkup(line: Line): string {
  return line
    .map(({ text, style, url }: Span) => {
      const words = htmlEscape(text);
      if (url !== undefined) return `<a href="${htmlEscape(url)}">${words}</a>`;
      if (style === "bold") return `<b>${words}</b>`;
      return style === "code" ? `<code>${words}</code>` : words;
    })
    .join("");
}
