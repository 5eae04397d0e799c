const MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*";
const YEAR = "(?:19|20)\\d\\d";
const MONTH_NUMBER = "(?:0[1-9]|1[0-2])";
const DAY = "(?:0[1-9]|[12]\\d|3[01])";
const GAP = "[-_. ]?";

/**
 * Dates as exports put them into file names, with what separates them from the rest. A year alone is left in place: it
 * is as often a host's number, and taking `node_2020` and `node_2021` for one machine would mix their data.
 */
const DATES = new RegExp(
  `(?<![a-z0-9])(?:${YEAR}${GAP}${MONTH_NUMBER}(?:${GAP}${DAY}(?:[T_ -]?\\d\\d[-_:]?\\d\\d(?:[-_:]?\\d\\d)?Z?)?)?` +
    `|${MONTH}${GAP}${YEAR}|${YEAR}${GAP}${MONTH}|${YEAR}[-_]?[WQ]\\d{1,2})(?![a-z0-9])`,
  "gi",
);

/**
 * A file's name without folder, `.csv`, `.gz`, dates and a browser's ` (1)`, so that the files of several months have one name. Empty
 * where nothing else is in it.
 *
 * @example cleanStem("exports/visit_hour-2025-07.csv.gz") // "visit_hour"
 */
export function cleanStem(path: string): string {
  const base = path
    .slice(path.lastIndexOf("/") + 1)
    .replace(/\.gz$/i, "")
    .replace(/\.(csv|tsv|txt)$/i, "");
  return base
    .replace(DATES, "\u0000")
    .replace(/ \(\d+\)$/, "")
    .replace(/[-_. ]*\u0000[-_. ]*/g, "_")
    .replace(/^[-_. ]+|[-_. ]+$/g, "");
}
