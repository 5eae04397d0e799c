import { epochUnit } from "../time/instant-epoch.js";

/** What a time cell looks like, in words for people, and whether it carries no zone. */
export function timeFormatOf(text: string): { readonly words: string; readonly naive: boolean } {
  if (/^\d+(\.\d*)?(e\+?\d+)?$/i.test(text)) return { words: `epoch ${epochUnit(Number(text))}`, naive: false };
  const iso = /^\d{4}-\d\d-\d\d/.test(text);
  const zone = /\d\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)$/i.exec(text)?.[1];
  // The day of `2025-07-01` looks like an offset of one hour.
  const naive = zone === undefined || /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$/.test(text);
  if (naive)
    return {
      words: iso
        ? `${text.length <= 10 ? "dates" : "YYYY-MM-DD HH:MM:SS"} without zone`
        : `dates like ${JSON.stringify(text)} without zone`,
      naive,
    };
  const utc = /^(Z|UTC|GMT|[+-]00:?(00)?)$/i.test(zone ?? "");
  return { words: `${iso ? "ISO 8601" : `dates like ${JSON.stringify(text)}`} ${utc ? "UTC" : "with zone"}`, naive };
}
