import type { AnomalyRecord } from "../../records/record.js";
import { html, type Markup } from "./markup.js";

/** `, held back` for what verdicts keep from people. */
export function heldBackWords({ adjusted_by }: Pick<AnomalyRecord, "adjusted_by">): string {
  return adjusted_by === undefined ? "" : ", held back";
}

/** The chance that people call it real, under the score; nothing where it is not estimated. */
export function confidenceWords({ confidence }: Pick<AnomalyRecord, "confidence">): Markup | null {
  return confidence === undefined
    ? null
    : html`<br><b>${confidence.toFixed(2)}</b> <span class="faint">confidence</span>`;
}
