import { describe, expect, test } from "vitest";
import type { Series } from "../../series/series.js";
import { seriesKey } from "../../series/series.js";
import { storeInMemory } from "../../shelf/stored-series.js";
import { HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import type { FittedDetector } from "../detector.js";
import type { Fitted } from "../fit.js";
import { fitHere } from "../fit-here.js";
import type { Section } from "../kind.js";
import { describeDetector } from "../testing/contract.js";
import { describeFinite } from "../testing/contract-finite.js";
import { wave } from "../testing/wave.js";
import { lstm } from "./detector.js";
import { type LstmTraining, lstmFit } from "./fit/lstm-fit.js";
import type { LstmModel } from "./learned.js";

function trained(
  history: readonly Series[],
  training: Partial<LstmTraining> = {},
  timezone = "UTC",
): Fitted<LstmModel> {
  const fit = lstmFit({ network: "family", hidden: 6, epochs: 4, ...training });
  const work = fitHere(fit.course(history.map(storeInMemory), { timezone, seed: 1 }), fit.openStep);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

function opened({ learned, inventory, stepMs }: Fitted<LstmModel>, timezone = "UTC"): FittedDetector {
  return lstm.open(learned, inventory, { stepMs, timezone, silenceAfterMs: 2 * HOUR_MS, divisor: 1 });
}

for (const stepMin of [1, 5, 20, 60]) {
  const stepMs = stepMin * MINUTE_MS;
  const timezone = stepMin === 20 ? "Europe/Berlin" : "UTC";
  const history = [1, 2, 3].map((seed) => wave(20, seed, stepMs));
  const detector = opened(trained(history, {}, timezone), timezone);
  const known = detector.describe(wave(20, 99, stepMs));
  // The suite brings what another detector knows of the wave; this one knows the same in its own words.
  describeDetector(`lstm, ${stepMin} min`, () => ({ ...detector, open: () => detector.open(known) }));
  if (stepMin === 20) describeFinite("lstm", () => ({ ...detector, open: () => detector.open(known) }));
}

describe("lstm", () => {
  const stepMs = 20 * MINUTE_MS;
  const history = [1, 2, 3].map((seed) => wave(20, seed, stepMs));
  const fitted = trained(history);

  test("is the same to the last bit for the same seed, and another for another", () => {
    expect(trained(history).learned).toEqual(fitted.learned);
    const fit = lstmFit({ network: "family", hidden: 6, epochs: 4 });
    const other = fitHere(fit.course(history.map(storeInMemory), { timezone: "UTC", seed: 2 }), fit.openStep);
    let next = other.next();
    while (!next.done) next = other.next();
    expect((next.value as Fitted<LstmModel>).learned.networks).not.toEqual(fitted.learned.networks);
  });

  test("comes out of a model file as it went in", () => {
    const { learned } = fitted;
    expect(lstm.decode?.(lstm.encode?.(learned) as never, 3)).toEqual(learned);
  });

  test("a section that does not fit is refused", () => {
    const section = lstm.encode?.(fitted.learned) as Section;
    const decode = (change: Partial<Section>, count = 3) => lstm.decode?.({ ...section, ...change }, count);
    const header = section.header as object;
    expect(() => decode({ header: { ...header, hidden: 7 } })).toThrow("no whole number of networks");
    expect(() => decode({ header: null })).toThrow("no header");
    expect(() => decode({}, 4)).toThrow("networks and series differ: 3 and 4");
    const networkOf = Int32Array.of(0, 1, 0);
    expect(() => decode({ arrays: { ...section.arrays, networkOf } })).toThrow("a network is missing");
    const networks = fitted.learned.networks.map((weight, i) => (i === 9 ? Number.NaN : weight));
    expect(() => decode({ arrays: { ...section.arrays, networks } })).toThrow("a weight is not finite");
  });

  test("a constant series has no network, and one network a series knows nothing of others", () => {
    const flat: Series = { ...wave(20, 4, stepMs), labels: { machine: "flat" } };
    flat.values.fill(5);
    const { learned, inventory } = trained([...history, flat], { network: "series" });
    expect([...learned.networkOf].filter((network) => network < 0)).toHaveLength(1);
    expect(learned.networkOf[inventory.indexOf(seriesKey(flat.labels)) ?? -1]).toBe(-1);
    expect(opened({ ...fitted, learned, inventory }).describesAfterMs).toBe(0);
  });

  test("a history of two days is refused with what is needed", () => {
    expect(() => trained([wave(2, 1, stepMs)])).toThrow(/at least 72h are needed/);
  });
});
