import { z } from "zod";

/*
 * What the tools answer. Objects are open: commands add fields, and what is here stays. Arrays are named, because an answer is
 * an object.
 */

const number = z.number().nullable();
const labels = z.record(z.string(), z.string());

export const WARNINGS = z.array(z.string()).describe("What went wrong or is worth knowing, one sentence each");

export const EPISODE = z.looseObject({
  id: z.string(),
  machine: z.string(),
  kind: z.string(),
  severity: z.string(),
  status: z.string(),
  start: z.string(),
  end: z.string(),
  record: z.looseObject({ aggregator: z.string(), score: z.number(), reasons: z.array(z.string()) }),
  verdict: z.looseObject({ verdict: z.string() }).nullable(),
});

export const EPISODES = { episodes: z.array(EPISODE), warnings: WARNINGS };

export const ONE_EPISODE = {
  episode: z.looseObject({ ...EPISODE.shape, changes: z.array(z.looseObject({ change: z.string() })) }),
  warnings: WARNINGS,
};

export const EXPLANATION = {
  explanation: z.looseObject({
    id: z.string(),
    machine: z.string(),
    aggregator: z.string(),
    severity: z.string(),
    kind: z.string(),
    start: z.string(),
    end: z.string(),
    score: z.number(),
    observed: number,
    expected: number,
    lower: number,
    upper: number,
    reasons: z.array(z.string()),
  }),
  warnings: WARNINGS,
};

const MOVER = z.looseObject({
  machine: z.string(),
  aggregator: z.string(),
  labels,
  direction: z.enum(["up", "down", "silent"]),
  onset: z.string(),
  observed: number,
  expected: number,
  chance: number,
  together: number,
  first: number,
  first_two: number,
});

export const AROUND = {
  around: z.looseObject({
    time: z.string(),
    start: z.string(),
    end: z.string(),
    series: z.number(),
    compared: z.number(),
    first_movers: z.array(MOVER),
    moved: z.array(MOVER),
    moved_in_all: z.number().describe("The list is cut to the limit; so many moved"),
    groups: z.array(z.looseObject({ label: z.string(), value: z.string(), moved: z.number(), all: z.number() })),
    stayed: z.array(
      z.looseObject({ machine: z.string(), aggregator: z.string(), moved: z.number(), times: z.number() }),
    ),
  }),
  warnings: WARNINGS,
};

export const DOCTOR = {
  ok: z.boolean().describe("No check has failed"),
  findings: z.array(z.looseObject({ check: z.string(), verdict: z.string(), says: z.string() })),
  warnings: WARNINGS,
};

const FIGURES = z.looseObject({
  detector: z.string(),
  total: z.looseObject({ event_f1: number, recall: number, precision: number }).nullable(),
  series: z.array(z.looseObject({ name: z.string(), episodes: z.number() })),
});

export const BACKTEST = {
  before: FIGURES.describe("With the settings as they are"),
  after: FIGURES.describe("With the change"),
  episodes_before: z.number(),
  episodes_after: z.number(),
  warnings: WARNINGS,
};

export const VERDICT = {
  verdict: z.looseObject({ id: z.string(), episode: z.string(), verdict: z.string(), at: z.string() }),
  warnings: WARNINGS,
};

export const SILENCE = {
  silence: z.looseObject({ id: z.string(), matchers: z.array(z.string()), from: z.string(), until: z.string() }),
  warnings: WARNINGS,
};
