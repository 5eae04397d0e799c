import { DAY_MS, MINUTE_MS } from "../time/duration.js";

/** Members of one incident do not alarm in the same slot: each counts with the largest score of the last ten minutes. */
export const TOGETHER_MS = 10 * MINUTE_MS;
/** So many members speak for the group: one alone is no incident of the group. */
export const SPEAKERS = 5;
/**
 * Where the threshold lies on their mean weight, log2(1 + score): a weight of 1 is a member at its own threshold. Between 1.0 and 1.15
 * the alarms on real groups are the same within their noise (bench/quality/diary.md).
 */
export const SPEAKERS_ALARM_AT = 1.1;

/** What the group itself does together counts in blocks of this length, or of one slot where that is longer. */
export const BLOCK_MS = 5 * MINUTE_MS;
/** What 99 % of the blocks of two weeks stay below is ordinary; a week of them must be there before anything is. */
export const TAIL_MS = 14 * DAY_MS;
export const TAIL_LEAST_MS = 7 * DAY_MS;
export const TAIL_QUANTILE = 0.99;
/** The middle member's weight is compared with nothing but its own past: it must be this far above what is ordinary. */
export const ALL_MARGIN = 1.3;

/** Relations between the members' values are fitted at midnight (UTC) on the week before. */
export const FIT_MS = 7 * DAY_MS;
/** Fewer days than this show no relation. */
export const FIT_LEAST_MS = 3 * DAY_MS;
/** What a value is off its relation is measured by what 99.5 % of its blocks of a week were off. */
export const RESIDUAL_MS = 7 * DAY_MS;
export const RESIDUAL_LEAST_MS = 3 * DAY_MS;
export const RESIDUAL_QUANTILE = 0.995;
/** … and by no less than this many standard deviations of the value: a perfect relation is broken by rounding. */
export const RESIDUAL_FLOOR = 0.1;
/** Ridge, in blocks: relations of members that hardly vary stay near 0. */
export const RIDGE_BLOCKS = 30;
/** Values count up to this many standard deviations, so that one incident does not make a relation. */
export const MOST_DEVIATIONS = 6;
/** Mean weight of the broken relations at the threshold: five members are almost five times as far off as 99.5 % of a week. Between 2 and 3 nothing changes. */
export const RELATIONS_ALARM_AT = 2.5;
/** Of larger groups no relations are fitted: their cost grows with the cube of the members. */
export const MOST_RELATED = 200;

/** A group needs this many members. */
export const LEAST_MEMBERS = 2;

/** Past after which a scorer says what one says that never stopped: fits and what they are measured by, or the tail; and a day for midnights. */
export const GROUP_HISTORY_MS = Math.max(TAIL_MS, FIT_MS + RESIDUAL_MS) + DAY_MS;
