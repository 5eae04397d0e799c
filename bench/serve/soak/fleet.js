import { normal, seededRandom } from "../../../dist/math/random.js";

const STEP_S = 60;
const DAYS = 3;
/** Clocks that are set ahead must find data too. */
const AHEAD_SLOTS = 30;
const INCIDENT_SLOTS = 8;

/** Series of one-minute steps from three days ago until after the soak; every third has an incident of eight minutes, each at its own time of the soak. */
export function fleet(count, minutes, nowS = Date.now() / 1000) {
  const startS = Math.floor(nowS / STEP_S) * STEP_S - DAYS * 86_400;
  const begin = DAYS * 1440;
  const incidentAt = (i) =>
    i % 3 === 0 ? begin + 2 + Math.floor(((i / 3) * Math.max(0, minutes - 10)) / (count / 3)) : undefined;
  return Array.from({ length: count }, (_, i) => {
    const random = seededRandom(i + 1);
    const level = 100 * (1 + random());
    let noise = 0;
    const values = Array.from({ length: begin + minutes + AHEAD_SLOTS }, (_, slot) => {
      noise = 0.8 * noise + normal(random);
      const wave = Math.sin((2 * Math.PI * ((startS / STEP_S + slot) % 1440)) / 1440);
      const at = incidentAt(i);
      const factor = at !== undefined && slot >= at && slot < at + INCIDENT_SLOTS ? 3 : 1;
      return Math.round(factor * (level * (1 + 0.3 * wave) + noise) * 100) / 100;
    });
    return { labels: { __name__: "load", instance: `host-${i}` }, startS, stepS: STEP_S, values };
  });
}
