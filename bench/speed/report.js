import { aligned } from "../../dist/report/terminal/aligned.js";

const one = (value) => value.toFixed(1);
const times = (value) => `${value >= 10 ? value.toFixed(0) : value.toFixed(2)} ×`;

/** The figures as tables: ours, the peer's, and how many times faster or smaller ours is. */
export function report(result) {
  const { train, stages, stagesCpu, peer, pandasRead, csvMb, rows } = result;
  const lines = [`${result.date}, ${result.machine}, Node ${result.node.slice(1)}, ${result.rounds} rounds`, ""];
  const table = [["", "ours", ...Object.keys(peer).flatMap((mode) => [mode, "ratio"])]];
  const row = (name, ours, pick, unit = "s") =>
    table.push([
      name,
      `${one(ours)} ${unit}`,
      ...Object.values(peer).flatMap((of) => {
        const theirs = pick(of);
        return theirs === undefined ? ["", ""] : [`${one(theirs)} ${unit}`, times(theirs / ours)];
      }),
    ]);
  if (train !== undefined) {
    row("whole train", train.seconds, (of) => of.total);
    row("  CPU", train.cpu, (of) => of.cpu);
    row("  peak memory", train.peakMb, (of) => of.peakMb, "MB");
  }
  if (stages !== undefined) {
    row("read CSV", stages.read, (of) => of.read);
    row("features, every row", stages.features, (of) => of.features);
    row("fit", stages.fit, (of) => of.fit);
    // The peer's scoring finds its features made; ours includes them.
    row("score, every row", stages.score, (of) => of.features + of.score);
  }
  if (table.length > 1) lines.push(...aligned(table, ["left", "right"]), "");
  const facts = [];
  const fact = (name, text) => facts.push([name, text]);
  if (stages !== undefined) {
    fact("reading", `${one(csvMb / stages.read)} MB/s${pandasRead ? `, pandas ${one(csvMb / pandasRead)} MB/s` : ""}`);
    const rate = (seconds) => Math.round(rows / seconds).toLocaleString("en-US");
    fact("scoring", `${rate(stages.score)} rows/s, ${rate(stagesCpu.score)} per CPU second`);
  }
  if (result.infer !== undefined) {
    const beside = pandasRead ? `, ${times(result.infer.seconds / pandasRead)} pandas' reading of the same files` : "";
    fact("infer, 600 series of CSV", `${one(result.infer.seconds)} s, ${one(result.infer.peakMb)} MB${beside}`);
  }
  if (result.start !== undefined) {
    const { nodeMs, versionMs, helpMs, inferMs } = result.start;
    const ratio = (ms) => `${ms.toFixed(0)} ms (${times(ms / nodeMs)})`;
    fact("start", `node -e 0 ${nodeMs.toFixed(0)} ms, --version ${ratio(versionMs)}, --help ${ratio(helpMs)}`);
    fact("infer of one series", ratio(inferMs));
  }
  if (result.model !== undefined) {
    const { firstLoadMs, loadMs, mb } = result.model;
    fact("model", `${mb.toFixed(2)} MB, loaded in ${one(firstLoadMs)} ms at first, then ${one(loadMs)} ms`);
  }
  if (result.live !== undefined) {
    const { series, kbASeries, cpuSeconds, readingSeconds, scoringSeconds } = result.live;
    fact(
      `live, ${series.toLocaleString("en-US")} series`,
      `${cpuSeconds.toFixed(2)} CPU s a run: ${readingSeconds.toFixed(2)} s reading states, ${scoringSeconds.toFixed(2)} s the rest; ${one(kbASeries)} kB a series`,
    );
  }
  lines.push(...aligned(facts));
  for (const { factor, seconds, cpu, peakMb } of result.growth ?? []) {
    const base = result.growth[0];
    lines.push(
      `growth ${factor} ×: ${one(seconds)} s (${times(seconds / base.seconds)}), ${one(cpu)} CPU s (${times(cpu / base.cpu)}), ${one(peakMb)} MB`,
    );
  }
  return lines;
}
