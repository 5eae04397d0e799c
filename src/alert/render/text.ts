import type { AlertMessage } from "../message/message.js";
import { documentOf } from "./document.js";
import { plainText } from "./markup.js";

/** The message as plain text. */
export function textOf(message: AlertMessage): string {
  const { headline, lines } = documentOf(message);
  return [headline, ...lines.map(plainText)].join("\n");
}
