import type { FigureLine } from "../../detectors/fit.js";
import { thresholdLevel } from "../../detectors/threshold.js";
import { BLIND_BECAUSE, blindByTrait, isNearlyBlind } from "../../model/blind.js";
import type { Choice, CurveEntry, SeriesPower } from "../../model/choice.js";
import { hasLevel, usualSmallest } from "../../model/describe-choice.js";
import type { KnownSeries } from "../../series/inventory.js";
import { formatDuration } from "../../time/duration.js";
import { count, thousands } from "../../wording/count.js";
import { formatValue } from "../../wording/format-value.js";
import { percent } from "../../wording/percent.js";
import { visible } from "../../wording/visible.js";
import { aligned } from "./aligned.js";

/** Incidents that are named in a line; the table has them all. */
const NAMED = ["shift_30m", "shift_4h", "drop", "silence"];

/** The choice of a model in a few lines: who looks at what, what would be found, and where hardly anything would be. */
export function choiceLines(choice: Choice, model: string): readonly FigureLine[] {
  const { detectors, series, budget } = choice;
  const share = detectors.flatMap(({ name }, d) => {
    const own = series.filter(({ detector }) => detector === d).length;
    return own === 0 ? [] : [`${name} ${thousands(own)}`];
  });
  const tried = series.filter(({ measured }) => measured).length;
  const alarms = thresholdLevel({ kind: "budget", ...budget });
  const blind = blindByTrait(choice);
  const blindCount = blind.reduce((sum, [, n]) => sum + n, 0);
  return [
    ["detectors", `${share.join(", ")} series; incidents tried in ${tried}, at up to ${alarms} false alarms each`],
    ["found", `${percent(choice.share)} of ${usualWords(choice)} (median series)`],
    [
      "nearly blind",
      blindCount === 0
        ? "no series"
        : `${count(blindCount, "series", "series")}: ${blind.map(([trait, n]) => `${thousands(n)} ${trait}`).join(", ")}; anomaly models show ${model} --power lists them`,
    ],
  ];
}

/** `a 30-minute shift of 12 % or more, …`: what the median series finds. */
function usualWords({ curves, series }: Choice): string {
  return NAMED.flatMap((name) => {
    const c = curves.findIndex((curve) => curve.name === name);
    if (c < 0) return [];
    const curve = curves[c];
    const usual = usualSmallest(series, curve, c);
    const lasting = curve.grows === "length" ? "" : `${formatDuration(curve.durationMs)} `;
    if (usual === undefined) return [];
    if (usual === null) return [`no ${lasting}${shapeOf(curve)}s`];
    const size = curve.grows === "length" ? formatDuration(usual) : percent(usual);
    return [`${lasting}${shapeOf(curve)}s of ${size}`];
  }).join(", ");
}

const shapeOf = ({ name }: CurveEntry) => name.replace(/_.*$/, "");

/** The smallest incident of a curve that is found in a series: `12 %` of its level, a size in its unit, or a length. */
export function smallestWords(
  one: SeriesPower,
  { curves }: Pick<Choice, "curves">,
  c: number,
  unit: string | null,
): string {
  const { smallest, level, spread } = one;
  const size = smallest[c];
  if (size === null) return "none";
  if (curves[c].grows === "length") return formatDuration(size);
  return hasLevel(one) ? percent((size * spread) / Math.abs(level)) : formatValue(size * spread, unit);
}

/** Every series with the smallest incident of each shape that would be found, the least powerful first. */
export function powerTable(choice: Choice, inventory: readonly KnownSeries[], unit: string | null): readonly string[] {
  const { curves, detectors } = choice;
  const head = [
    ...["series", "detector", "power"],
    ...curves.map(({ name, durationMs, grows }) =>
      grows === "size" && durationMs > 0 ? name.replace("_", " ") : name,
    ),
    "",
  ];
  const rows = worstFirst(choice).map((i) => {
    const one = choice.series[i];
    return [
      visible(nameOf(inventory[i])),
      detectors[one.detector].name,
      `${one.power.toFixed(2)}${one.measured ? "" : "~"}`,
      ...curves.map((_, c) => smallestWords(one, choice, c, unit)),
      isNearlyBlind(one) ? BLIND_BECAUSE[one.trait] : "",
    ];
  });
  const figures = curves.map(() => "right" as const);
  return [
    `The smallest incident of which ${Math.round(choice.share * 100)} % are found: a size as a share of the series' level, or how long it lasts.`,
    "~ taken over from series like it",
    "",
    ...aligned([head, ...rows], ["left", "left", "right", ...figures, "left"]),
  ];
}

/** Machine and aggregator where these are the labels, as records name a series; else its name at its source. */
function nameOf({ name, labels }: KnownSeries): string {
  const { machine, aggregator } = labels;
  return machine === undefined || aggregator === undefined ? name : `${machine} ${aggregator}`;
}

/** Places of the series, those with the least power first. */
export function worstFirst({ series }: Pick<Choice, "series">): readonly number[] {
  return series.map((_, i) => i).sort((a, b) => series[a].power - series[b].power || a - b);
}

/** The rows of the table as plain data. Sizes are in the metric's unit and as a share of the level. */
export function powerJson(choice: Choice, inventory: readonly KnownSeries[]) {
  const { curves, detectors, share, budget } = choice;
  return {
    share,
    budget: { episodes: budget.episodes, per_s: budget.perMs / 1000 },
    detectors,
    series: worstFirst(choice).map((i) => {
      const { detector, power, trait, measured, level, spread, smallest } = choice.series[i];
      return {
        series: inventory[i].name,
        labels: inventory[i].labels,
        detector: detectors[detector].name,
        ...{ power, trait, measured, level, spread },
        nearly_blind: isNearlyBlind(choice.series[i]),
        smallest: Object.fromEntries(
          curves.map(({ name, grows }, c) => {
            const size = smallest[c];
            if (size === null) return [name, null];
            if (grows === "length") return [name, { duration_s: size / 1000 }];
            const value = Number((size * spread).toPrecision(4));
            const relative = level === 0 ? null : Number((value / Math.abs(level)).toPrecision(4));
            return [name, { size: value, of_level: relative, spreads: size }];
          }),
        ),
      };
    }),
  };
}
