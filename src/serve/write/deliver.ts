import { type RetryPolicy, retryDelayMs } from "../../http/retry.js";
import { labelText } from "../exposition/text.js";
import type { ReceiverClient } from "./receiver-client.js";
import { type SampleSeries, sampleCount } from "./sample-series.js";
import type { Refused, Verdict } from "./verdict.js";

/** Why samples are given up. `there`: they were sent before a crash, and the receiver has them. */
export type DropReason = "old" | "refused" | "address" | "there";

/** What has become of a request's samples. */
export interface Delivered {
  readonly sent: number;
  readonly dropped: ReadonlyMap<
    DropReason,
    { readonly samples: number; readonly series: number; readonly example: string; readonly said: string }
  >;
}

export interface DeliverOptions {
  readonly client: Pick<ReceiverClient, "post" | "has">;
  /** Takes what came of a try that is repeated. */
  readonly onFailure: (said: string) => void;
  /** Waits. @throws where nothing more is to be sent. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  /** Tries after the first; more throw `OutOfPatience`. */
  readonly retries: number;
}

/** The receiver does not take anything now. */
export class OutOfPatience extends Error {}

/** A second, doubled each time, at most half a minute: a receiver that is back has its samples soon, and one that starts is left alone. */
const BACK_OFF: Omit<RetryPolicy, "retries"> = { baseMs: 1000, longestMs: 30_000 };
/** VictoriaMetrics shows what it took once its buffers are written, each second; where it is busy, later. */
const VISIBLE_MS = 5000;

/**
 * Sends samples until the receiver has taken or refused each of them. A refusal concerns the whole request, so it is split until the
 * culprits are alone: by time, the older half first, because a newer sample can make all older ones too old, and then by series.
 *
 * @param isRepeat the request may have been sent before: whether it is there is looked up first.
 */
export async function deliver(
  series: readonly SampleSeries[],
  isRepeat: boolean,
  options: DeliverOptions,
): Promise<Delivered> {
  let sent = 0;
  const dropped = new Map<DropReason, { samples: number; series: number; example: string; said: string }>();
  const drop = (reason: DropReason, lost: readonly SampleSeries[], said: string) => {
    const before = dropped.get(reason) ?? { samples: 0, series: 0, example: labelText(lost[0].labels), said };
    const samples = before.samples + sampleCount(lost);
    dropped.set(reason, { ...before, samples, series: before.series + lost.length });
  };
  const culprits = new Set<string>();
  const settle = async (part: readonly SampleSeries[], isUncertain: boolean): Promise<void> => {
    const verdict = await answered(part, isUncertain, options);
    if (verdict.kind === "taken") {
      sent += sampleCount(part);
      return;
    }
    const parts = split(part, verdict.cause, culprits);
    if (parts !== undefined) {
      // One after the other: the older part must be there first.
      for (const one of parts) await settle(one, false);
      return;
    }
    if (verdict.cause === "sample") for (const { labels } of part) culprits.add(labelText(labels));
    const isThere = isRepeat && /out of order|duplicate sample/i.test(verdict.said);
    const reason = verdict.cause === "sample" ? "refused" : verdict.cause;
    drop(isThere ? "there" : reason, part, verdict.said);
  };
  await settle(series, isRepeat);
  return { sent, dropped };
}

async function answered(
  series: readonly SampleSeries[],
  isUncertain: boolean,
  { client, onFailure, sleep, random, retries }: DeliverOptions,
): Promise<Exclude<Verdict, { kind: "later" }>> {
  let mayBeThere = isUncertain;
  for (let attempt = 1; ; attempt++) {
    let said = "it does not answer";
    let afterMs = 0;
    if (mayBeThere) await sleep(VISIBLE_MS);
    const isThere = mayBeThere ? await client.has(series) : false;
    if (isThere === true) return { kind: "taken" };
    if (isThere !== undefined) {
      const verdict = await client.post(series);
      if (verdict.kind !== "later") return verdict;
      ({ said, afterMs, isUncertain: mayBeThere } = verdict);
    }
    onFailure(said);
    if (attempt > retries) throw new OutOfPatience(said);
    await sleep(retryDelayMs({ ...BACK_OFF, retries }, attempt, random, afterMs));
  }
}

/** Parts to try by themselves; undefined: nothing is left to part, or it would not help. @param culprits series that were refused before. */
function split(
  series: readonly SampleSeries[],
  cause: Refused,
  culprits: ReadonlySet<string>,
): readonly (readonly SampleSeries[])[] | undefined {
  if (cause === "address") return undefined;
  const times = [...new Set(series.flatMap((one) => one.times))].sort((a, b) => a - b);
  if (times.length > 1) {
    const fromMs = times[times.length >> 1];
    return [within(series, (timeMs) => timeMs < fromMs), within(series, (timeMs) => timeMs >= fromMs)];
  }
  if (cause === "old" || series.length === 1) return undefined;
  const isCulprit = ({ labels }: SampleSeries) => culprits.has(labelText(labels));
  const others = series.filter((one) => !isCulprit(one));
  if (others.length > 0 && others.length < series.length) return [others, series.filter(isCulprit)];
  const middle = series.length >> 1;
  return [series.slice(0, middle), series.slice(middle)];
}

function within(series: readonly SampleSeries[], isIn: (timeMs: number) => boolean): readonly SampleSeries[] {
  return series.flatMap((one) => {
    const kept = one.times.flatMap((timeMs, i) => (isIn(timeMs) ? [i] : []));
    if (kept.length === 0) return [];
    return [{ ...one, times: kept.map((i) => one.times[i]), values: kept.map((i) => one.values[i]) }];
  });
}
