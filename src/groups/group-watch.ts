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

/**
 * A group's scorer with the episodes that it has seen. While a member is left out there are two: one that learns as ever and says what it sees, and one
 * that lasts, for which the member has neither value nor score.
 */
export class GroupWatch {
  /** Of the slot that was pushed last. */
  score = Number.NaN;
  episodes: readonly GroupEpisode[] = [];
  private readonly lasting: GroupScorer;
  private passing: GroupScorer | undefined;
  private readonly stepMs: number;
  private readonly mergeGapMs: number;

  /** @param mergeGapMs alarms with no more between them are one episode. */
  constructor(stepMs: number, mergeGapMs: number) {
    this.lasting = new GroupScorer(stepMs);
    this.stepMs = stepMs;
    this.mergeGapMs = mergeGapMs;
  }

  push(timeMs: number, slots: MemberSlots): void {
    const scorer = this.pushed(timeMs, slots);
    if (!(this.score >= 1)) return;
    const { rule, members } = scorer.explain();
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

  /** @returns the scorer that says what the slot is. */
  private pushed(timeMs: number, slots: MemberSlots): GroupScorer {
    const { leftOut } = slots;
    if (leftOut?.includes(1) !== true) {
      this.passing = undefined;
      this.score = this.lasting.push(timeMs, slots);
      return this.lasting;
    }
    this.passing ??= resumed(this.stepMs, this.lasting.save());
    this.score = this.passing.push(timeMs, slots);
    const known = (of: Float64Array) => of.map((one, i) => (leftOut[i] === 1 ? Number.NaN : one));
    this.lasting.push(timeMs, { keys: slots.keys, values: known(slots.values), scores: known(slots.scores) });
    return this.passing;
  }

  /** Forgets what ended so long before that nothing can continue it. */
  forget(beforeMs: number): void {
    this.episodes = this.episodes.filter(({ endMs }) => endMs + this.mergeGapMs >= beforeMs);
  }

  /** The scorer and the episodes so far. */
  save(): Uint8Array {
    const lasting = this.lasting.save();
    const passing = this.passing?.save() ?? new Uint8Array();
    const head: Head = { episodes: this.episodes, lastingBytes: lasting.length };
    const json = new TextEncoder().encode(JSON.stringify(head));
    const saved = new Uint8Array(HEAD_BYTES + json.length + lasting.length + passing.length);
    new DataView(saved.buffer).setUint32(0, json.length);
    saved.set(json, HEAD_BYTES);
    saved.set(lasting, HEAD_BYTES + json.length);
    saved.set(passing, HEAD_BYTES + json.length + lasting.length);
    return saved;
  }

  /** @throws RangeError if it is no state of a group on this step. */
  restore(saved: Uint8Array): void {
    const length = new DataView(saved.buffer, saved.byteOffset, saved.byteLength).getUint32(0);
    const head: Head = JSON.parse(new TextDecoder().decode(saved.subarray(HEAD_BYTES, HEAD_BYTES + length)));
    if (head.lastingBytes === undefined) throw new RangeError("the state of the group is of another release");
    const scorers = saved.subarray(HEAD_BYTES + length);
    this.episodes = head.episodes;
    this.lasting.restore(scorers.subarray(0, head.lastingBytes));
    const passing = scorers.subarray(head.lastingBytes);
    this.passing = passing.length === 0 ? undefined : resumed(this.stepMs, passing);
  }
}

/** What stands before the scorers of a saved watch, as JSON. */
interface Head {
  readonly episodes: readonly GroupEpisode[];
  readonly lastingBytes: number;
}

const HEAD_BYTES = 4;

function resumed(stepMs: number, state: Uint8Array): GroupScorer {
  const scorer = new GroupScorer(stepMs);
  scorer.restore(state);
  return scorer;
}

function highest(before: readonly MemberPeak[], now: readonly MemberPeak[]): readonly MemberPeak[] {
  const all = new Map(before.map((one) => [one.key, one]));
  for (const { key, score, off } of now) {
    const known = all.get(key);
    all.set(key, { key, score: Math.max(score, known?.score ?? 0), off: Math.max(off, known?.off ?? 0) });
  }
  return [...all.values()];
}
