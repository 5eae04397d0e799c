import { TrailingQuantile } from "../detectors/machine/trailing-quantile.js";
import { restoreState, type StateCursor, saveState, stateBytes } from "../math/state-cursor.js";
import { DAY_MS } from "../time/duration.js";
import {
  ALL_MARGIN,
  BLOCK_MS,
  LEAST_MEMBERS,
  RELATIONS_ALARM_AT,
  SPEAKERS,
  SPEAKERS_ALARM_AT,
  TAIL_LEAST_MS,
  TAIL_MS,
  TAIL_QUANTILE,
} from "./limits.js";
import { type Grid, Member } from "./member.js";
import { Relations } from "./relations.js";
import { weightOf } from "./weight.js";

/** One slot of all members: arrays in the order of `keys`, NaN for none. */
export interface MemberSlots {
  /** Sorted, each once; the same array as long as they are the same. */
  readonly keys: readonly string[];
  readonly values: Float64Array;
  /** 1 is the member's own threshold. */
  readonly scores: Float64Array;
  /** 1 where nothing is to be learned of a member: it is in a maintenance or a holiday. Absent: nowhere. Honoured by `GroupWatch`. */
  readonly leftOut?: Uint8Array;
}

/**
 * What made the score: several members are anomalous together; all are a little off at once; or values that usually go together do
 * not.
 */
export type GroupRule = "several" | "all" | "relations";

/** How far a member has gone. */
export interface MemberPeak {
  readonly key: string;
  /** Its largest score. */
  readonly score: number;
  /** How far off its relation to the others it was; 1 is what 99.5 % of a week stay below, 0: it has no relation. */
  readonly off: number;
}

export interface GroupExplanation {
  readonly rule: GroupRule;
  /** Of the last ten minutes; in the order of keys. */
  readonly members: readonly MemberPeak[];
}

/**
 * One group under watch: a causal machine like the scorers of series. Slots are pushed in time order without leaving any out. A whole
 * history or one new slot pushed to a restored state gives the same scores to the last bit; after `GROUP_HISTORY_MS` of past, whenever it
 * began.
 */
export class GroupScorer {
  private readonly grid: Grid;
  private members: readonly Member[] = [];
  private relations = new Relations([]);
  private readonly severalTail: TrailingQuantile;
  private readonly allTail: TrailingQuantile;
  private blockSeveral = 0;
  private blockAll = 0;
  private rule: GroupRule = "several";
  private keys: readonly string[] = [];
  /** Where each key's member is; -1 for one that was never seen. */
  private places: readonly number[] = [];

  constructor(stepMs: number) {
    const blockMs = Math.max(1, Math.round(BLOCK_MS / stepMs)) * stepMs;
    this.grid = { stepMs, blockMs };
    const tail = () => {
      const least = Math.round(TAIL_LEAST_MS / blockMs);
      return new TrailingQuantile(Math.round(TAIL_MS / blockMs), TAIL_QUANTILE, least, 1);
    };
    this.severalTail = tail();
    this.allTail = tail();
  }

  /** @returns the group's score, 1 is the threshold; NaN while fewer than two members were seen, or none has a score. */
  push(timeMs: number, slots: MemberSlots): number {
    const { stepMs, blockMs } = this.grid;
    if (Math.floor(timeMs / DAY_MS) > Math.floor((timeMs - stepMs) / DAY_MS)) this.beginDay();
    this.place(slots);
    const isScored = this.take(Math.floor(timeMs / stepMs), slots);
    const isBlockEnd = (timeMs + stepMs) % blockMs === 0;
    if (isBlockEnd) this.endBlock(Math.floor(timeMs / blockMs));
    const score = this.score();
    if (isBlockEnd) this.endTails();
    return isScored && this.members.length >= LEAST_MEMBERS ? score : Number.NaN;
  }

  /** What made the score of the slot that was pushed last, and how far each member has gone. */
  explain(): GroupExplanation {
    const members = this.members.map((member) => ({ key: member.key, score: member.score(), off: member.off() }));
    return { rule: this.rule, members };
  }

  private beginDay(): void {
    this.members = this.members.filter((member) => !member.isGone());
    this.relations = Relations.fit(this.members, this.grid);
    this.keys = [];
  }

  private place({ keys, values }: MemberSlots): void {
    if (this.keys !== keys) {
      this.keys = keys;
      this.places = this.placesOf(keys);
    }
    const news = this.places.flatMap((place, i) => (place < 0 && values[i] === values[i] ? [keys[i]] : []));
    if (news.length === 0) return;
    const all = [...this.members, ...news.map((key) => new Member(key, this.grid))];
    this.members = all.sort((a, b) => (a.key < b.key ? -1 : 1));
    this.places = this.placesOf(keys);
  }

  private placesOf(keys: readonly string[]): readonly number[] {
    const at = new Map(this.members.map(({ key }, place) => [key, place]));
    return keys.map((key) => at.get(key) ?? -1);
  }

  private take(slot: number, { values, scores }: MemberSlots): boolean {
    const isThere = new Uint8Array(this.members.length);
    let isScored = false;
    for (const [i, place] of this.places.entries()) {
      if (place < 0) continue;
      isThere[place] = 1;
      if (scores[i] === scores[i]) isScored = true;
      this.members[place].push(slot, values[i], scores[i]);
    }
    // Who is not in the slot at all has neither value nor score.
    this.members.forEach((member, place) => {
      if (isThere[place] === 0) member.push(slot, Number.NaN, Number.NaN);
    });
    return isScored;
  }

  private endBlock(block: number): void {
    const means = Float64Array.from(this.members, (member) => member.closeBlock(block));
    this.relations.judge(this.members, block, means);
  }

  private score(): number {
    const { members, severalTail, allTail } = this;
    const weights = Float64Array.from(members, (member) => weightOf(member.score()));
    weights.sort();
    const several = meanOfLargest(weights) / SPEAKERS_ALARM_AT;
    const all = weights[weights.length >> 1] ?? 0;
    this.blockSeveral = Math.max(this.blockSeveral, several);
    this.blockAll = Math.max(this.blockAll, all);
    const usual = allTail.value * ALL_MARGIN;
    const parts: readonly (readonly [GroupRule, number])[] = [
      ["several", severalTail.value > 1 ? several / severalTail.value : several],
      ["all", usual > 0 ? all / usual : 0],
      [
        "relations",
        meanOfLargest(Float64Array.from(members, (member) => weightOf(member.off())).sort()) / RELATIONS_ALARM_AT,
      ],
    ];
    const [rule, score] = parts.reduce((most, one) => (one[1] > most[1] ? one : most));
    this.rule = rule;
    return score;
  }

  private endTails(): void {
    this.severalTail.push(this.blockSeveral);
    this.allTail.push(this.blockAll);
    this.blockSeveral = 0;
    this.blockAll = 0;
  }

  /** A copy that nothing changes any more. */
  save(): Uint8Array {
    const head = { members: this.members.map(({ key }) => key), related: this.relations.keys };
    const json = new TextEncoder().encode(JSON.stringify(head));
    const state = saveState(this, stateBytes(this));
    const saved = new Uint8Array(HEAD_BYTES + json.length + state.length);
    new DataView(saved.buffer).setUint32(0, json.length);
    saved.set(json, HEAD_BYTES);
    saved.set(state, HEAD_BYTES + json.length);
    return saved;
  }

  /** @throws RangeError if it is no state of a group on this step. */
  restore(saved: Uint8Array): void {
    const length = new DataView(saved.buffer, saved.byteOffset, saved.byteLength).getUint32(0);
    const head = JSON.parse(new TextDecoder().decode(saved.subarray(HEAD_BYTES, HEAD_BYTES + length)));
    this.members = head.members.map((key: string) => new Member(key, this.grid));
    this.relations = new Relations(head.related);
    this.keys = [];
    const state = saved.subarray(HEAD_BYTES + length);
    const bytes = stateBytes(this);
    if (state.length !== bytes) throw new RangeError(`the state of the group has ${state.length} bytes, not ${bytes}`);
    restoreState(this, state);
  }

  walk(state: StateCursor): void {
    this.blockSeveral = state.number(this.blockSeveral);
    this.blockAll = state.number(this.blockAll);
    this.severalTail.walk(state);
    this.allTail.walk(state);
    for (const member of this.members) member.walk(state);
    this.relations.walk(state);
  }
}

const HEAD_BYTES = 4;

/** @param weights in ascending order. */
function meanOfLargest(weights: Float64Array): number {
  const count = Math.min(SPEAKERS, weights.length);
  if (count === 0) return 0;
  const largest = weights.subarray(weights.length - count);
  return largest.reduce((sum, weight) => sum + weight, 0) / count;
}
