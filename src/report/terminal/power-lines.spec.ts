import { describe, expect, test } from "vitest";
import type { SeriesPower } from "../../model/choice.js";
import { testChoice } from "../../model/testing/test-choice.js";
import { choiceLines, powerJson, powerTable } from "./power-lines.js";

const [seen] = testChoice(1).series;
const one = (changes: Partial<SeriesPower>): SeriesPower => ({ ...seen, ...changes });
const inventory = ["n1", "n2", "n3"].map((machine) => ({ name: machine, labels: { machine, aggregator: "lag" } }));
const choice = testChoice(3, {
  series: [
    one({ power: 0.61, smallest: [2, 3_600_000] }),
    one({ power: 0.12, trait: "spiky", measured: false, detector: 1, smallest: [null, null] }),
    // Beside a level of next to nothing a share says nothing: the size is in the metric's unit.
    one({ power: 0.4, trait: "sparse", level: 0.01, spread: 2, smallest: [3, 1_200_000] }),
  ],
});

describe("what would not be found", () => {
  test("in a few lines: who looks, what the median series finds, and how many series are nearly blind and why", () => {
    expect(choiceLines(choice, "fleet")).toEqual([
      ["detectors", "family 2, residual 1 series; incidents tried in 2, at up to 1/week false alarms each"],
      ["found", "80 % of 30m shifts of 40 %, silences of 1h (median series)"],
      ["nearly blind", "1 series: 1 spiky; anomaly models show fleet --power lists them"],
    ]);
  });

  test("as a table, the series with the least power first, sizes as a share of the level where there is one", () => {
    expect(powerTable(choice, inventory, "bytes").slice(3)).toEqual([
      "series  detector  power  shift 30m  silence",
      "n2 lag  residual  0.12~       none     none  spiky: ordinary peaks are as high as incidents",
      "n3 lag  family     0.40        6 B      20m",
      "n1 lag  family     0.61       40 %       1h",
    ]);
  });

  test("as data, in the metric's unit, as a share of the level, and in spreads", () => {
    const { series } = powerJson(choice, inventory);
    expect(series.map(({ labels, nearly_blind }) => [labels["machine"], nearly_blind])).toEqual([
      ["n2", true],
      ["n3", false],
      ["n1", false],
    ]);
    expect(series[0].smallest).toEqual({ shift_30m: null, silence: null });
    expect(series[2].smallest).toEqual({
      shift_30m: { size: 4, of_level: 0.4, spreads: 2 },
      silence: { duration_s: 3600 },
    });
  });
});
