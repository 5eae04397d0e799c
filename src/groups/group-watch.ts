import { type GroupRule, GroupScorer, type MemberPeak, type MemberSlots } from "./group-scorer.js";

/** A run of alarms of a group: times are the data's, ends exclusive. */
export interface GroupEpisode {
  readonly startMs: number;
  readonly endMs: number;
  /** The end of its first alarming slot. */
  readonly alertedMs: number;
  readonly alarms: number;
  /** Its worst slot, and what made that one's score. */
  readonly peakMs: number;
  readonly score: number;
  readonly rule: GroupRule;
  /** As far as each went in an alarming slot. */
  readonly members: readonly MemberPeak[];
}

/** A group's scorer with the episodes that it has seen. */
export class GroupWatch {
  /** Of the slot that was pushed last. */
  score = Number.NaN;
  episodes: readonly GroupEpisode[] = [];
  private readonly scorer: GroupScorer;
  private readonly stepMs: number;
  private readonly mergeGapMs: number;

  /** @param mergeGapMs alarms with no more between them are one episode. */
  constructor(stepMs: number, mergeGapMs: number) {
    this.scorer = new GroupScorer(stepMs);
    this.stepMs = stepMs;
    this.mergeGapMs = mergeGapMs;
  }

  push(timeMs: number, slots: MemberSlots): void {
    this.score = this.scorer.push(timeMs, slots);
    if (!(this.score >= 1)) return;
    const { rule, members } = this.scorer.explain();
    const open = this.episodes.at(-1);
    const endMs = timeMs + this.stepMs;
    const isSame = open !== undefined && timeMs - open.endMs <= this.mergeGapMs;
    if (!isSame) {
      const first = { startMs: timeMs, endMs, alertedMs: endMs, alarms: 1, peakMs: timeMs, score: this.score, rule };
      this.episodes = [...this.episodes, { ...first, members }];
      return;
    }
    const worst = this.score > open.score ? { peakMs: timeMs, score: this.score, rule } : {};
    const longer = { ...open, ...worst, endMs, alarms: open.alarms + 1, members: highest(open.members, members) };
    this.episodes = [...this.episodes.slice(0, -1), longer];
  }

  /** Forgets what ended so long before that nothing can continue it. */
  forget(beforeMs: number): void {
    this.episodes = this.episodes.filter(({ endMs }) => endMs + this.mergeGapMs >= beforeMs);
  }

  /** The scorer and the episodes so far. */
  save(): Uint8Array {
    const json = new TextEncoder().encode(JSON.stringify(this.episodes));
    const scorer = this.scorer.save();
    const saved = new Uint8Array(HEAD_BYTES + json.length + scorer.length);
    new DataView(saved.buffer).setUint32(0, json.length);
    saved.set(json, HEAD_BYTES);
    saved.set(scorer, HEAD_BYTES + json.length);
    return saved;
  }

  /** @throws RangeError if it is no state of a group on this step. */
  restore(saved: Uint8Array): void {
    const length = new DataView(saved.buffer, saved.byteOffset, saved.byteLength).getUint32(0);
    this.episodes = JSON.parse(new TextDecoder().decode(saved.subarray(HEAD_BYTES, HEAD_BYTES + length)));
    this.scorer.restore(saved.subarray(HEAD_BYTES + length));
  }
}

const HEAD_BYTES = 4;

function highest(before: readonly MemberPeak[], now: readonly MemberPeak[]): readonly MemberPeak[] {
  const all = new Map(before.map((one) => [one.key, one]));
  for (const { key, score, off } of now) {
    const known = all.get(key);
    all.set(key, { key, score: Math.max(score, known?.score ?? 0), off: Math.max(off, known?.off ?? 0) });
  }
  return [...all.values()];
}
