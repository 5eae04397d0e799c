import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { RunAnyCommand } from "../commands/spec.js";
import { AROUND, BACKTEST, DOCTOR, EPISODES, EXPLANATION, ONE_EPISODE } from "./shapes.js";
import { answered, printed, type Tool, type ToolContext, tool } from "./tool.js";

const LIMIT = z.int().min(1).max(1000);
const TIME = z.string().min(1).max(100);
const JOB = z.string().min(1).max(200).optional().describe("A job of anomaly.yaml; without it the server's own source");
const ID = z
  .string()
  .regex(/^[\x21-\x2c\x2e-\x7e][\x21-\x7e]{0,199}$/)
  .describe("Id of an episode, or the beginning of one");
const MATCH = z
  .array(z.string().min(1).max(1000))
  .max(20)
  .optional()
  .describe("Label or field and value, such as machine=n2* or severity!=low; all must hold");

/** The code of a command, as `load.ts` loads it; of a command that is given exactly what it declares. */
const loaded = async (code: Promise<unknown>) => (await code) as RunAnyCommand;
const load = {
  history: () => loaded(import("../history/history.js").then((m) => m.history)),
  explain: () => loaded(import("../show/explain.js").then((m) => m.explain)),
  around: () => loaded(import("../around/around.js").then((m) => m.around)),
  doctor: () => loaded(import("../doctor/doctor.js").then((m) => m.doctor)),
  backtest: () => loaded(import("../backtest/backtest.js").then((m) => m.backtest)),
};

/** Tools that only read. */
export const READ_TOOLS: readonly Tool[] = [
  tool({
    name: "list_open",
    title: "What is open",
    description:
      "Lists the anomaly episodes that are open now, newest first: machine, metric, kind, severity, since when, score (1 is the alerting threshold) and reasons.",
    input: { match: MATCH, limit: LIMIT.default(50) },
    output: EPISODES,
    writes: false,
    run: async ({ match, limit }, { call }) => {
      const flags = { openOnly: "true", json: "true", match, limit: String(limit) };
      const called = await call({ command: "history", load: load.history, flags });
      return { episodes: answered(called), warnings: called.warnings };
    },
  }),
  tool({
    name: "history",
    title: "Past episodes",
    description: "Lists past anomaly episodes, newest first, chosen by labels, kind, verdict and time.",
    input: {
      match: MATCH,
      kind: z
        .array(z.string().max(50))
        .max(10)
        .optional()
        .describe("spike, drop, level_shift, drift, stall, silence …"),
      verdict: z.array(z.enum(["true", "false", "expected", "none"])).optional(),
      from: TIME.optional().describe("Such as 2025-07-01T12:00Z or now-7d"),
      until: TIME.optional(),
      limit: LIMIT.default(100),
    },
    output: EPISODES,
    writes: false,
    run: async ({ match, kind, verdict, from, until, limit }, { call }) => {
      const flags = { json: "true", match, episodeKind: kind, withVerdict: verdict, from, until, limit: String(limit) };
      const called = await call({ command: "history", load: load.history, flags });
      return { episodes: answered(called), warnings: called.warnings };
    },
  }),
  tool({
    name: "episode",
    title: "One episode",
    description: "All that is known of one episode: its record, how it changed, and what people said of it.",
    input: { id: ID },
    output: ONE_EPISODE,
    writes: false,
    run: async ({ id }, { call }) => {
      const called = await call({
        command: "history",
        load: load.history,
        positionals: [id],
        flags: { json: "true" },
      });
      return { episode: answered(called), warnings: called.warnings };
    },
  }),
  tool({
    name: "explain",
    title: "Why it was reported",
    description:
      "Says why an episode was reported: score and threshold, observed and expected values, the band, since when, the 24 hours around it, and what the detector went by.",
    input: { id: ID },
    output: EXPLANATION,
    writes: false,
    run: async ({ id }, { call, records }) => {
      const positionals = records === undefined ? [id] : [id, records];
      const called = await call({ command: "explain", load: load.explain, positionals, flags: { json: "true" } });
      return { explanation: answered(called), warnings: called.warnings };
    },
  }),
  tool({
    name: "around",
    title: "What else moved",
    description:
      "Says which of all series changed around a time or an episode against their own usual behaviour: the likely first movers, labels that are over-represented, everything in the order of its onset, and what stayed still although it usually moves too.",
    input: {
      at: TIME.describe("A time such as 2025-07-02T21:40Z or now-3h, or the id of an episode"),
      window: z.string().max(20).default("1h").describe("How long before and after it is looked at"),
      limit: LIMIT.default(50),
      job: JOB,
    },
    output: AROUND,
    writes: false,
    run: async ({ at, window, limit, job }, { call, data, records }) => {
      const called = await call({
        command: "around",
        load: load.around,
        positionals: records === undefined ? [at] : [at, records],
        flags: { json: "true", aroundWindow: window, ...(job === undefined && data.length > 0 && { data }) },
        job,
      });
      const all = answered(called) as { moved: unknown[] };
      const around = { ...all, moved: all.moved.slice(0, limit), moved_in_all: all.moved.length };
      return { around, warnings: called.warnings };
    },
  }),
  tool({
    name: "doctor",
    title: "Check the server",
    description:
      "Checks the metrics server of a job: reachable, clock, rights, steps, gaps, and whether the history is long enough.",
    input: { job: JOB },
    output: DOCTOR,
    writes: false,
    run: async ({ job }, { call }) => {
      // A failed check is an answer, too.
      const called = await call({ command: "doctor", load: load.doctor, flags: { json: "true" }, job });
      return { ok: called.exitCode === 0, findings: printed(called), warnings: called.warnings };
    },
  }),
  tool({
    name: "backtest",
    title: "Try a change of settings",
    description:
      "Replays the CSV history of the server's --data as in production, with the settings as they are and with a change of detector, threshold or alert budget, and gives the figures of both. Nothing is kept. May take minutes.",
    input: {
      detector: z.string().max(50).optional(),
      threshold: z.string().max(20).optional().describe("strict, permissive, or a percentile such as p99.5"),
      max_episodes: z.string().max(20).optional().describe("An alert budget per series, such as 2/week"),
      labels: z.string().max(1000).optional().describe("File of labelled events (truth.json)"),
    },
    output: BACKTEST,
    writes: false,
    run: async ({ detector, threshold, max_episodes: maxEpisodes, labels }, context) => {
      const before = await replay(context, { labels });
      const after = await replay(context, { labels, detector, threshold, maxEpisodes });
      return {
        before: before.figures,
        after: after.figures,
        episodes_before: episodesOf(before.figures),
        episodes_after: episodesOf(after.figures),
        warnings: [...new Set([...before.warnings, ...after.warnings])],
      };
    },
  }),
];

interface Figures {
  readonly series: readonly { readonly episodes: number }[];
}

const episodesOf = ({ series }: Figures) => series.reduce((sum, { episodes }) => sum + episodes, 0);

/** Scores and episodes go to a folder that is gone afterwards. */
async function replay({ call, data }: ToolContext, flags: Readonly<Record<string, string | undefined>>) {
  const folder = mkdtempSync(join(tmpdir(), "anomaly-backtest-"));
  try {
    const called = await call({
      command: "backtest",
      load: load.backtest,
      positionals: data,
      flags: { ...flags, json: "true", output: join(folder, "result") },
    });
    return { figures: answered(called) as Figures, warnings: called.warnings };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
