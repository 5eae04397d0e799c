import { memberNames } from "../../records/member-names.js";
import { formatValue } from "../../wording/format-value.js";
import { percent } from "../../wording/percent.js";
import type { Account } from "../account.js";
import { aligned } from "./aligned.js";
import { clean } from "./text-table.js";

/** A line a member of a group, the largest share first: how much of the group's score it made, and how far it went. */
export function memberLines({ members, labels }: Pick<Account, "members" | "labels">): readonly string[] {
  if (members === null || members.length === 0) return [];
  const names = memberNames(members, labels);
  const rows = members.map(({ share, score, off }, i) => [
    clean(names[i]),
    percent(share),
    formatValue(score, null),
    off > 0 ? formatValue(off, null) : "–",
  ]);
  return aligned([["series", "share", "own score", "off the others"], ...rows], ["left", "right", "right", "right"]);
}
