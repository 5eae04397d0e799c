import type { AnomalyRecord } from "../../records/record.js";
import { html, type Markup } from "./markup.js";

/** Where a record can be looked at more closely; undefined where it cannot. */
export interface PageLinks {
  readonly pictureOf: (record: AnomalyRecord) => string | undefined;
  /** What that is called. Default: picture. */
  readonly pictureWord?: string;
  readonly grafanaOf: (record: AnomalyRecord) => string | undefined;
}

/** Links of a record, separated by dots; null without any. */
export function linksOf(record: AnomalyRecord, links: PageLinks): Markup | null {
  const found = [
    { text: links.pictureWord ?? "picture", address: links.pictureOf(record) },
    { text: "Grafana", address: links.grafanaOf(record) },
  ].flatMap(({ text, address }) => (address === undefined ? [] : [html`<a href="${address}">${text}</a>`]));
  if (found.length === 0) return null;
  return html`${found.map((link, i) => (i === 0 ? link : html` · ${link}`))}`;
}
