import type { CommandName } from "../options/spec.js";
import type { OptionValues } from "../options/table.js";
import type { RunAnyCommand, RunCommand } from "./spec.js";

/** What runs or shows other commands is given their options as well. */
type Whole = "demo" | "config";

/** How the code of each command is loaded: only when it runs, because the big libraries come with it. */
export const LOADERS: Readonly<Record<CommandName, () => Promise<RunAnyCommand>>> = {
  train: async () => (await import("../train/train.js")).train,
  infer: async () => (await import("../infer/infer.js")).infer,
  hydrate: async () => (await import("../hydrate/hydrate.js")).hydrate,
  plot: async () => (await import("../plot/plot.js")).plot,
  show: async () => (await import("../show/show.js")).show,
  explain: async () => (await import("../show/explain.js")).explain,
  report: async () => (await import("../report/report.js")).report,
  around: async () => (await import("../around/around.js")).around,
  alert: async () => (await import("../alert/alert.js")).alert,
  serve: async () => (await import("../serve/serve.js")).serve,
  rules: async () => (await import("../generate/rules.js")).rules,
  dashboards: async () => (await import("../generate/dashboards.js")).dashboards,
  export: async () => (await import("../export/export.js")).exportScores,
  backtest: async () => (await import("../backtest/backtest.js")).backtest,
  history: async () => (await import("../history/history.js")).history,
  verdict: async () => (await import("../verdict/verdict.js")).verdict,
  silence: async () => (await import("../silence/silence.js")).silence,
  event: async () => (await import("../event/event.js")).event,
  store: async () => (await import("../store/store.js")).store,
  demo: async () => (await import("../demo/demo.js")).demo,
  simulate: async () => (await import("../simulate/simulate.js")).simulate,
  models: async () => (await import("./models.js")).run,
  detectors: async () => (await import("./detectors.js")).run,
  cache: async () => (await import("./cache.js")).run,
  init: async () => (await import("../init/init.js")).init,
  doctor: async () => (await import("../doctor/doctor.js")).doctor,
  mcp: async () => (await import("../mcp/mcp.js")).mcp,
  config: async () => (await import("./config.js")).run,
  completion: async () => (await import("./completion.js")).run,
} satisfies { readonly [C in CommandName]: () => Promise<C extends Whole ? RunAnyCommand : RunCommand<C>> };

/** What a command will load for such options: begun sooner, it comes while the command's own code does. */
export async function loadAlongside(command: CommandName, { source }: Pick<OptionValues, "source">): Promise<void> {
  if (command !== "infer" && command !== "hydrate") return;
  await (await import("../../runs/source/open.js")).loadSource(source ?? "csv");
}
