import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import type { ExplainedPart } from "../explanation.js";
import { CHANGE_NAMES, ChangeBank } from "./change-bank.js";
import { SizeMemory } from "./size-memory.js";

/** Finer slots are averaged to this: novelty asks for the large and lasting, and a noisy minute is neither. */
const LEAST_SLOT_MS = 5 * MINUTE_MS;
/** Memory of what was seen: half after four weeks. */
const HALF_LIFE_MS = 28 * DAY_MS;
/** Changes that a comparison must have seen before it judges. */
const LEAST_SEEN = 50;
/** New is what exceeds the largest so far, and this many times what one in a hundred changes reaches. */
const RARE_SHARE = 0.01;
const BEYOND_RARE = 1.6;
/** The rare share moves slowly: it is read anew once in so many slots. */
const REFRESH_SLOTS = 12;
/** What is new must also stand out from its surroundings: this share of an alarm, within so long before. */
const LEAST_ALARM = 0.45;
const ALARM_MEMORY_MS = 2 * HOUR_MS;
/** For so long after something new, only what is this many times as new is told again. */
const REFRACTORY_MS = 12 * HOUR_MS;
const GROWTH = 3;
/** More than this many times anything seen is not told apart. */
const LARGEST_RATIO = 9;

/**
 * Tells what a series has never done before, at least for as long as it remembers: a change, at one of several scales,
 * that is larger than any of its kind so far. The scale by recent noise says how unusual a slot is; this says whether the
 * series' own history knows it, which is what makes an alarm grave.
 *
 * It settles by itself: what was once told raises the largest, so that the same again is no news.
 */
export class NoveltyWatch {
  /** Times the largest change so far, if the newest slot is news; else 0. Stays for one block of fine slots. */
  ratio = 0;
  /** Whether a slot is so coarse that novelty alone is an alarm; of finer ones the surroundings tell enough. */
  readonly tellsAlone: boolean;
  private readonly blockSlots: number;
  private readonly refractoryBlocks: number;
  private readonly bank: ChangeBank;
  private readonly rises: readonly SizeMemory[];
  private readonly falls: readonly SizeMemory[];
  private readonly rareRises = new Float64Array(CHANGE_NAMES.length);
  private readonly rareFalls = new Float64Array(CHANGE_NAMES.length);
  private readonly alarms: Float64Array;
  /** Of the newest slot that was judged: which change was the largest beside what is known of it, its size, and what is known. */
  private readonly largest = new Float64Array(3);
  private sum = 0;
  private count = 0;
  private inBlock = 0;
  private blocks = 0;
  private sinceNews = Number.POSITIVE_INFINITY;
  private newsPeak = 0;
  private blockAlarm = 0;

  constructor(stepMs: number) {
    this.blockSlots = Math.max(1, Math.round(LEAST_SLOT_MS / stepMs));
    this.tellsAlone = this.blockSlots === 1;
    const slotMs = this.blockSlots * stepMs;
    this.bank = new ChangeBank(slotMs);
    this.rises = CHANGE_NAMES.map(() => new SizeMemory(HALF_LIFE_MS / slotMs));
    this.falls = CHANGE_NAMES.map(() => new SizeMemory(HALF_LIFE_MS / slotMs));
    this.alarms = new Float64Array(Math.max(1, Math.round(ALARM_MEMORY_MS / slotMs)));
    this.refractoryBlocks = Math.max(1, Math.round(REFRACTORY_MS / slotMs));
  }

  /**
   * @param value NaN for a slot without one.
   * @param alarm how near to an alarm the slot is by its surroundings: 1 is one; NaN while that is not known.
   */
  push(value: number, alarm: number): void {
    if (value === value) {
      this.sum += value;
      this.count++;
    }
    // While the surroundings say nothing, they do not hold anything back either.
    this.blockAlarm = Math.max(this.blockAlarm, alarm === alarm ? alarm : 1);
    if (++this.inBlock < this.blockSlots) return;
    this.alarms[this.blocks++ % this.alarms.length] = this.blockAlarm;
    this.ratio = this.count > 0 ? this.judge(this.sum / this.count) : 0;
    if (this.count === 0) this.bank.push(Number.NaN);
    this.sum = 0;
    this.count = 0;
    this.inBlock = 0;
    this.blockAlarm = 0;
  }

  private judge(value: number): number {
    this.bank.push(value);
    const ratio = this.largestRatio();
    this.learn();
    this.sinceNews++;
    const settled = this.sinceNews >= this.refractoryBlocks;
    if (!(ratio >= 1) || (!settled && ratio < GROWTH * this.newsPeak)) return 0;
    if (Math.max(...this.alarms) < LEAST_ALARM) return 0;
    this.newsPeak = settled ? ratio : Math.max(ratio, this.newsPeak);
    this.sinceNews = 0;
    return Math.min(LARGEST_RATIO, ratio);
  }

  private largestRatio(): number {
    const { changes } = this.bank;
    let largest = 0;
    for (let c = 0; c < changes.length; c++) {
      const change = changes[c];
      if (change !== change || this.rises[c].seen < LEAST_SEEN) continue;
      if (this.rises[c].seen % REFRESH_SLOTS === LEAST_SEEN % REFRESH_SLOTS) {
        this.rareRises[c] = this.rises[c].reachedBy(RARE_SHARE);
        this.rareFalls[c] = this.falls[c].reachedBy(RARE_SHARE);
      }
      const rise = Math.max(this.rises[c].largest, BEYOND_RARE * this.rareRises[c]);
      const fall = Math.max(this.falls[c].largest, BEYOND_RARE * this.rareFalls[c]);
      // What went up comes down: the way back is no news of its own.
      const known = this.sinceNews < this.refractoryBlocks ? Math.max(rise, fall) : change >= 0 ? rise : fall;
      const ratio = Math.abs(change) / Math.max(known, Number.MIN_VALUE);
      if (ratio > largest) {
        largest = ratio;
        this.largest.set([c, change, known]);
      }
    }
    return largest;
  }

  /** The change that was news, beside the largest of its kind before; undefined if the newest slot is none. */
  get news(): ExplainedPart | undefined {
    const [change, value, limit] = this.largest;
    return this.ratio > 0 ? { name: `${CHANGE_NAMES[change]}, beside the largest so far`, value, limit } : undefined;
  }

  private learn(): void {
    const { changes } = this.bank;
    for (let c = 0; c < changes.length; c++) {
      if (changes[c] !== changes[c]) continue;
      this.rises[c].push(Math.max(changes[c], 0));
      this.falls[c].push(Math.max(-changes[c], 0));
    }
  }

  private get parts(): readonly (ChangeBank | SizeMemory)[] {
    return [this.bank, ...this.rises, ...this.falls];
  }

  private get arrays(): readonly Float64Array[] {
    return [this.rareRises, this.rareFalls, this.alarms, this.largest];
  }

  get stateLength(): number {
    const own = this.arrays.reduce((sum, numbers) => sum + numbers.length, 8);
    return this.parts.reduce((sum, part) => sum + part.stateLength, own);
  }

  save(into: Float64Array, offset: number): number {
    const { ratio, sum, count, inBlock, blocks, sinceNews, newsPeak, blockAlarm } = this;
    into.set([ratio, sum, count, inBlock, blocks, sinceNews, newsPeak, blockAlarm], offset);
    let at = offset + 8;
    for (const numbers of this.arrays) {
      into.set(numbers, at);
      at += numbers.length;
    }
    return this.parts.reduce((next, part) => part.save(into, next), at);
  }

  restore(from: Float64Array, offset: number): number {
    [this.ratio, this.sum, this.count, this.inBlock, this.blocks, this.sinceNews, this.newsPeak, this.blockAlarm] =
      from.subarray(offset, offset + 8);
    let at = offset + 8;
    for (const numbers of this.arrays) {
      numbers.set(from.subarray(at, at + numbers.length));
      at += numbers.length;
    }
    return this.parts.reduce((next, part) => part.restore(from, next), at);
  }
}
