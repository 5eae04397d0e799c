import type { Fitted } from "../../detectors/fit.js";
import { autoNames, loadDetector, WITH_MODEL } from "../../detectors/registry.js";
import { DEFAULT_THRESHOLD } from "../../detectors/threshold.js";
import {
  DEFAULT_BUDGET,
  ENOUGH_TO_FIT_MS,
  measurePower,
  type PowerRequest,
} from "../../evaluate/power/measure-power.js";
import type { Choice } from "../../model/choice.js";
import { seriesKey, type TimeRange } from "../../series/series.js";
import type { StoredSeries } from "../../shelf/stored-series.js";
import { DAY_MS, formatDuration, WEEK_MS } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import { checkTimezone } from "../../time/timezone.js";
import type { CommandContext } from "../commands/spec.js";
import { withProgress } from "../progress.js";
import type { Learned } from "./learn.js";

/** Days that incidents are tried in, at most: the newest. */
const TRIED_MS = 7 * DAY_MS;

/**
 * Measures what the fitted detector and those that need no fit would find in the series of a model.
 *
 * @param more detectors that were fitted as well; they are compared where `--effort` allows for their cost.
 * @returns undefined where no series is long enough, or `--no-power` says that it is not wanted.
 */
export async function chooseDetectors(
  context: CommandContext<"train">,
  history: readonly StoredSeries[],
  fitted: Fitted,
  exclude: readonly TimeRange[],
  more: readonly Learned[],
): Promise<Choice | undefined> {
  const { options, signal, log } = context;
  if (options.noPower) return undefined;
  const byKey = new Map(history.map((one) => [seriesKey(one.labels), one]));
  const known = fitted.inventory.series;
  const candidates: PowerRequest["candidates"][number][] = [];
  for (const name of autoNames(options.effort)) {
    const { loadFit, divisorOf } = await loadDetector(name);
    if (name === WITH_MODEL) {
      candidates.push({ name, learned: fitted.learned, divisor: divisorOf(fitted.learned, DEFAULT_THRESHOLD) ?? 1 });
    } else if (loadFit === undefined) candidates.push({ name, learned: null, divisor: 1 });
    const trained = more.find((one) => one.name === name);
    if (trained !== undefined) candidates.push({ name: trained.spec, learned: trained.fitted.learned, divisor: 1 });
  }
  const { stepMs, range } = fitted;
  // Days that none of them was fitted on.
  const heldOutFromMs = Math.max(fitted.heldOutFromMs, ...more.map((one) => one.fitted.heldOutFromMs));
  if (range.endMs - range.startMs < ENOUGH_TO_FIT_MS) {
    const enough = formatDuration(ENOUGH_TO_FIT_MS);
    const ready = formatUtc(range.startMs + ENOUGH_TO_FIT_MS);
    log.info(
      `note: less than ${enough} of history: --detector auto compares each series with its own past until train has ${enough}, from ${ready} on`,
    );
  }
  return withProgress(context, "trying incidents", (progress) =>
    measurePower(
      {
        candidates,
        series: known.flatMap(({ labels }) => byKey.get(seriesKey(labels)) ?? []),
        known,
        stepMs,
        timezone: checkTimezone(options.timezone ?? "UTC"),
        heldOut: { startMs: Math.max(heldOutFromMs, range.endMs - TRIED_MS), endMs: range.endMs },
        exclude,
        seed: options.seed,
        budget: options.maxEpisodes === undefined ? DEFAULT_BUDGET : { episodes: options.maxEpisodes, perMs: WEEK_MS },
      },
      { threads: options.threads, signal, onProgress: (done, total) => progress.update(done, total) },
    ),
  );
}
