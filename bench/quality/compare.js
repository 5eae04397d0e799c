import { readFileSync } from "node:fs";
import { aligned } from "../../dist/report/terminal/aligned.js";
import { eventF1, interval } from "./bootstrap.js";

/*
 * Two results of the bench side by side: by set the difference of the event F1 with its interval over KPIs (the same KPIs drawn for both),
 * and the mean over the sets with each one left out in turn. A change is kept if that mean rises whichever set is left out.
 *
 *     npm run bench:quality -- --json > before.json      … the change …      > after.json
 *     node bench/quality/compare.js before.json after.json
 */
const [before, after] = process.argv.slice(2, 4).map((path) => JSON.parse(readFileSync(path, "utf8")));
const two = (value) => (value >= 0 ? "+" : "") + value.toFixed(3);
const rows = [];
for (const one of after.sets) {
  const other = before.sets.find(({ set, method }) => set === one.set && method === one.method);
  if (other === undefined) continue;
  const kpis = Object.keys(one.byKpi).filter((kpi) => kpi in other.byKpi);
  const of = (result, draw) => eventF1(draw.map((i) => result.byKpi[kpis[i]]));
  const all = kpis.map((_, i) => i);
  const { low, high } = interval(kpis.length, (draw) => of(one, draw) - of(other, draw));
  rows.push({ set: one.set, before: of(other, all), after: of(one, all), low, high });
}
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const table = rows.map((row) => {
  const rest = rows.filter((other) => other !== row);
  return [
    row.set,
    row.before.toFixed(3),
    row.after.toFixed(3),
    two(row.after - row.before),
    `${two(row.low)} … ${two(row.high)}`,
    rest.length === 0 ? "-" : two(mean(rest.map((one) => one.after - one.before))),
  ];
});
const head = ["set", "before", "after", "change", "90 %", "mean without it"];
console.log(aligned([head, ...table], ["left", "right"]).join("\n"));
console.log(`mean over sets ${two(mean(rows.map((row) => row.after - row.before)))}`);
