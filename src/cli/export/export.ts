import { setTimeout as sleepFor } from "node:timers/promises";
import { EXIT, type ExitCode, SourceError, UsageError } from "../../errors/errors.js";
import { writeFileAtomic } from "../../files/atomic.js";
import { checkOrder, moment, parseMoment } from "../../runs/moments.js";
import type { TimeRange } from "../../series/series.js";
import { openMetricsText } from "../../serve/backfill/open-metrics.js";
import { replayWindows } from "../../serve/backfill/replay-windows.js";
import { type BackfillTarget, backfillTarget } from "../../serve/backfill/send-window.js";
import type { ServedJob } from "../../serve/run/order.js";
import { type DropReason, OutOfPatience } from "../../serve/write/deliver.js";
import { formatUtc } from "../../time/format.js";
import { count } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { knownEvents } from "../known-events.js";
import { withProgress } from "../progress.js";
import { servedJobs } from "../serve/served-jobs.js";
import { surroundings } from "../source-options.js";

type Context = CommandContext<"export">;

/** `anomaly export`: the scores of the past, as `infer` gave them. */
export async function exportScores(context: Context): Promise<ExitCode> {
  const { options, log, signal } = context;
  const jobs = await servedJobs(context);
  const range = rangeOf(context, jobs);
  const eventsIn = (span: TimeRange) => knownEvents(context, span);
  const output = options.output ?? (options.write.length === 0 ? "-" : undefined);
  const text = output === undefined ? undefined : openMetricsText();
  const target = options.write.length === 0 ? undefined : targetOf(context);
  const dropped = new Map<string, number>();
  let samples = 0;
  let failed = 0;
  try {
    await withProgress(context, "replaying", async (progress) => {
      for await (const window of replayWindows(jobs, range, { ...surroundings(context, progress), eventsIn })) {
        samples += window.samples.reduce((sum, { times }) => sum + times.length, 0);
        failed = Math.max(failed, window.failed);
        if (window.failed > 0) log.warn(`${count(window.failed, "series")} failed: ${window.reason}`);
        text?.add(window.samples);
        if (target !== undefined) await send(target, window, dropped, context);
        signal.throwIfAborted();
      }
    });
    if (text !== undefined && output !== undefined) await writeText(text.read(), output, context);
  } finally {
    text?.close();
    await target?.close();
  }
  log.info(`${count(samples, "sample")} of ${count(jobs.length, "job")}`);
  for (const [words, lost] of dropped) log.warn(`${count(lost, "sample")} dropped: ${words}`);
  return failed > 0 || dropped.size > 0 ? EXIT.failed : EXIT.ok;
}

/** @throws UsageError where there is no begin. */
function rangeOf({ options: { from, until }, streams }: Context, jobs: readonly ServedJob[]) {
  const instant = { nowMs: streams.nowMs(), timezone: "UTC" };
  if (from === undefined) throw new UsageError("from", "export needs to know where to begin: --from 2025-06-01");
  const fromMs = parseMoment("--from", from, instant);
  const isFiles = jobs.every(({ job }) => job.source.source === "csv");
  const untilMs = moment("--until", until, instant) ?? (isFiles ? null : instant.nowMs);
  checkOrder(fromMs, untilMs ?? undefined);
  return { fromMs, untilMs };
}

function targetOf({ options, streams, log, signal }: Context): BackfillTarget {
  const { write, caFile, certFile, keyFile, insecure } = options;
  return backfillTarget(write, { caFile, certFile, keyFile, insecure }, streams.env, {
    nowMs: streams.nowMs,
    sleep: async (ms) => {
      await sleepFor(ms, undefined, { signal });
    },
    onFailure: (name, said) => log.warn(`${name}: ${said}; trying again`),
  });
}

const WORDS: Readonly<Record<DropReason, string>> = {
  old: "too old for the receiver",
  refused: "refused",
  address: "nothing takes samples at the address",
  there: "there already",
};

async function send(
  target: BackfillTarget,
  window: { readonly startMs: number; readonly samples: Parameters<BackfillTarget["send"]>[0] },
  all: Map<string, number>,
  { log }: Context,
): Promise<void> {
  try {
    for (const { name, delivered } of await target.send(window.samples)) {
      for (const [reason, { samples, example, said }] of delivered.dropped) {
        const words = `${name}: ${WORDS[reason]} (${said})`;
        if (!all.has(words)) log.debug(`${name}: ${example}: ${said}`);
        all.set(words, (all.get(words) ?? 0) + samples);
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof OutOfPatience)) throw thrown;
    const from = formatUtc(window.startMs);
    throw new SourceError("unavailable", `${thrown.message}; continue with --from ${from}`, { cause: thrown });
  }
}

async function writeText(pieces: Iterable<Uint8Array>, output: string, { streams, log }: Context): Promise<void> {
  if (output !== "-") {
    writeFileAtomic(output, pieces);
    return log.info(output);
  }
  const decoder = new TextDecoder();
  for (const piece of pieces) await streams.out(decoder.decode(piece, { stream: true }));
}
