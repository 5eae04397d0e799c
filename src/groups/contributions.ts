import type { MemberPeak } from "./group-scorer.js";
import type { GroupEpisode } from "./group-watch.js";
import { weightOf } from "./weight.js";

/** Members with their share (0–1) of what made an episode, the largest first; of equals the first by key. */
export function contributions({
  rule,
  members,
}: Pick<GroupEpisode, "rule" | "members">): readonly (MemberPeak & { readonly share: number })[] {
  const weight = ({ score, off }: MemberPeak) => weightOf(rule === "relations" ? off : score);
  const total = members.reduce((sum, one) => sum + weight(one), 0);
  return members
    .map((one) => ({ ...one, share: total > 0 ? weight(one) / total : 0 }))
    .sort((a, b) => b.share - a.share || (a.key < b.key ? -1 : 1));
}
