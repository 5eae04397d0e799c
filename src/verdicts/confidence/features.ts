import { DAY_MS, HOUR_MS } from "../../time/duration.js";
import type { JudgedEpisode, Look } from "../judged.js";

/** What the forest sees of an episode, in the order of `featuresOf`. */
export const FEATURES = [
  "score",
  "slots",
  "direction",
  "spike",
  "drop",
  "largest part",
  "second part",
  "share of parts beyond their limit",
  "hour, sine",
  "hour, cosine",
  "weekend",
  "distance from the band",
  "share of the series that was real",
  "false alarms of the series",
  "real ones of the series",
  "false alarms at this time of day",
  "real ones at this time of day",
  "score against false alarms",
  "score against real ones",
] as const;

/** How much a verdict counts for the series fades over a month: twice as slowly as what it holds back. */
const HALF_LIFE_MS = 28 * DAY_MS;
/** What repeats daily begins within this of its hour: one standard deviation. */
const NEAR_MS = HOUR_MS / 2;
/** How much a verdict in the other direction says of the same time of day. */
const OTHER_DIRECTION = 0.3;
/** Verdicts by which a series is taken to be like all others before it has its own. */
const PRESUMED = 2;
/** Ratios beyond these are all the same, and logarithms need a floor. */
const LARGEST_RATIO = 20;
const SMALLEST_RATIO = 0.05;
/** What a score compares to where the series has no such verdict. */
const NO_FALSE_ALARM = 1.5;
const NO_REAL_ONE = 9;

/**
 * An episode as figures. Everything is known when it alarms; `own` are the verdicts that its series had by then.
 *
 * @param overall share of real ones among all verdicts by then, between 0 and 1.
 */
export function featuresOf(episode: Look, own: readonly JudgedEpisode[], overall: number): number[] {
  const { score, points, direction, kind, start, explanation, observed, expected, lower, upper } = episode;
  const ratios = (explanation?.parts ?? [])
    .map(({ value, limit }) => (value === null || limit === null || limit === 0 ? 0 : Math.abs(value / limit)))
    .sort((a, b) => b - a);
  const startMs = Date.parse(start);
  const turn = (2 * Math.PI * (startMs % DAY_MS)) / DAY_MS;
  const weekday = new Date(startMs).getUTCDay();
  const band = (upper ?? Number.NaN) - (lower ?? Number.NaN);
  const distance = observed === null || expected === null || !(band > 0) ? 1 : Math.abs(observed - expected) / band;
  const past = pastOf(episode, own);
  const share = (past.real + PRESUMED * overall) / (past.real + past.alarms + PRESUMED);
  return [
    Math.log(Math.max(1, score)),
    Math.log(Math.max(1, points)),
    direction === "up" ? 1 : direction === "down" ? -1 : 0,
    kind === "spike" ? 1 : 0,
    kind === "drop" ? 1 : 0,
    logRatio(ratios[0] ?? 1),
    logRatio(ratios[1] ?? 0),
    ratios.length === 0 ? 0 : ratios.filter((ratio) => ratio >= 1).length / ratios.length,
    Math.sin(turn),
    Math.cos(turn),
    weekday === 0 || weekday === 6 ? 1 : 0,
    logRatio(distance),
    Math.log(share / (1 - share)),
    past.alarms,
    past.real,
    past.alarmsNear,
    past.realNear,
    past.strongestAlarm > 0 ? Math.log(Math.max(1, score) / past.strongestAlarm) : NO_FALSE_ALARM,
    Math.log(Math.max(1, score) / past.weakestReal),
  ];
}

const logRatio = (ratio: number) => Math.log(Math.min(LARGEST_RATIO, Math.max(SMALLEST_RATIO, ratio)));

/** What people have said of a series, each verdict by its age. */
function pastOf(episode: Look, own: readonly JudgedEpisode[]) {
  const past = { alarms: 0, real: 0, alarmsNear: 0, realNear: 0, strongestAlarm: 0, weakestReal: NO_REAL_ONE };
  const alertedMs = Date.parse(episode.alerted_at);
  for (const { look, verdict, at } of own) {
    const weight = 2 ** (-(alertedMs - Date.parse(at)) / HALF_LIFE_MS);
    const isSame = look.direction === episode.direction;
    const near = Math.exp(-((hoursApartMs(episode.start, look.start) / NEAR_MS) ** 2) / 2);
    const nearWeight = weight * near * (isSame ? 1 : OTHER_DIRECTION);
    if (verdict === "true") {
      past.real += weight;
      past.realNear += nearWeight;
      if (isSame) past.weakestReal = Math.min(past.weakestReal, look.score);
    } else {
      past.alarms += weight;
      past.alarmsNear += nearWeight;
      if (isSame) past.strongestAlarm = Math.max(past.strongestAlarm, look.score * weight);
    }
  }
  return past;
}

/** How far two times of day (UTC) are apart, at most twelve hours. */
function hoursApartMs(a: string, b: string): number {
  const apartMs = Math.abs((Date.parse(a) % DAY_MS) - (Date.parse(b) % DAY_MS));
  return Math.min(apartMs, DAY_MS - apartMs);
}
