import { type CellUnit, cellUnit } from "./cell-units.js";

/** What a value cell that is not plainly a number says. */
export type OddCell =
  | { readonly kind: "missing" }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "unit"; readonly text: string; readonly unit: CellUnit }
  | { readonly kind: "refused"; readonly reason: string };

/** How the exports write "no value": Graphite and Grafana leave the cell empty, pandas, Python, SQL and R name it. */
const MISSING = new Set(["", "null", "nan", "none", "na", "n/a", "undefined", "-", "\\n", "nil"]);

const MISSING_CELL: OddCell = { kind: "missing" };

/**
 * Sorts out a value cell that the number scanner did not take: missing, padded, a number with a unit, or something that
 * cannot be read for certain (`5 m` may be minutes, `1,234` may be either number).
 */
export function oddCell(text: string, decimal: "." | ","): OddCell {
  const trimmed = text.trim();
  const lower = trimmed.toLowerCase();
  if (MISSING.has(lower)) return MISSING_CELL;
  const plain = decimal === "." ? /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/ : /^[-+]?(\d+,?\d*|,\d+)(e[-+]?\d+)?$/;
  if (plain.test(lower)) return { kind: "number", text: trimmed };
  const measured = /^([-+.,\de]*\d[.,]?)\s*([^\d\s.,]{1,7})$/i.exec(trimmed);
  const unit = measured === null ? undefined : cellUnit(measured[2]);
  if (measured !== null && unit !== undefined && plain.test(measured[1].toLowerCase())) {
    return { kind: "unit", text: measured[1], unit };
  }
  if (/^[-+]?(inf|infinity|∞)$/.test(lower)) return { kind: "refused", reason: "infinite, taken as missing" };
  if (/^[-+]?\d{1,3}([., '\u00a0\u202f]\d{3})+([.,]\d+)?$/.test(trimmed) || /^[-+]?\d+[.,]\d+$/.test(trimmed)) {
    return { kind: "refused", reason: "thousands and decimal separators cannot be distinguished; export raw numbers" };
  }
  if (/^[-+]?[\d.,]+\s*[^\d\s]{1,8}$/.test(trimmed)) {
    return { kind: "refused", reason: "a formatted number with a unit; export without formatting" };
  }
  return { kind: "refused", reason: "text where a number should be" };
}
