import { createHash } from "node:crypto";
import { InputError, UsageError } from "../../errors/errors.js";
import { openServer, TRAINING_LIMITS } from "../../runs/source/open-server.js";
import type { OpenedSource } from "../../runs/source/opened.js";
import type { ServerKind } from "../../runs/source/source-spec.js";
import { type Series, seriesKey, type TimeRange } from "../../series/series.js";
import { type StoredSeries, storeShared } from "../../shelf/stored-series.js";
import { type CacheFolder, type CacheQuestion, openCache } from "../../sources/cache/cache-folder.js";
import { type FetchedHistory, fetchHistory } from "../../sources/cache/fetch-history.js";
import { joinPieces } from "../../sources/cache/join-pieces.js";
import { QUERY_LABEL } from "../../sources/promql/labels.js";
import { writtenQuery } from "../../sources/promql/named-query.js";
import type { Target } from "../../sources/source.js";
import { DAY_MS, formatDuration, HOUR_MS, MINUTE_MS } from "../../time/duration.js";
import { formatUtc } from "../../time/format.js";
import { count, thousands } from "../../wording/count.js";
import type { CommandContext } from "../commands/spec.js";
import { withProgress } from "../progress.js";
import { questionSpec, surroundings } from "../source-options.js";
import { askedRange } from "./asked-range.js";
import type { TrainingHistory } from "./training-history.js";

/** How far back training goes where `--from` does not say: enough for the week, and for a month to calibrate on. */
const DEFAULT_HISTORY_MS = 90 * DAY_MS;
/** Aggregators and late agents take minutes; what is cached is not requested again, so it must be final. */
const DEFAULT_SETTLE_MS = 5 * MINUTE_MS;

/** A server's own history, straight from it: month by month, through the cache. */
export async function serverHistory(context: CommandContext<"train">, kind: ServerKind): Promise<TrainingHistory> {
  const { options, positionals } = context;
  if (positionals.length + options.data.length > 0) {
    const named = positionals[0] ?? options.data[0];
    throw new UsageError("source", `"${named}" names CSV data, but --source is ${kind}; drop one of the two`);
  }
  const opened = await openServer({ ...questionSpec(options), settle: options.settle }, kind, surroundings(context), {
    limits: TRAINING_LIMITS,
  });
  try {
    if (opened.targets.length === 0) {
      throw new UsageError(
        "template",
        "train --source needs to know what to request: --template for Graphite, --query for PromQL",
      );
    }
    const range = wholeHours(context);
    const cache = openedCache(context, questionOf(context, opened));
    const fetched = await withProgress(context, "fetching", (progress) =>
      fetchHistory(
        opened.source,
        { targets: opened.targets, template: opened.template, stepMs: options.step },
        range,
        cache,
        ({ done, total, range: { startMs } }) => progress.update(done, total, formatUtc(startMs).slice(0, 7)),
      ),
    );
    return joinedHistory(context, opened, range, fetched);
  } finally {
    await opened.close();
  }
}

/** On whole hours (or steps), so that a run some minutes later asks for nothing new; only what can no longer change. */
function wholeHours(context: CommandContext<"train">): TimeRange {
  const { options, streams } = context;
  const asked = askedRange(context);
  const gridMs = Math.max(options.step ?? 0, HOUR_MS);
  const finalMs = streams.nowMs() - (options.settle ?? DEFAULT_SETTLE_MS);
  const endMs = Math.floor(Math.min(asked.endMs ?? finalMs, finalMs) / gridMs) * gridMs;
  const startMs = Math.floor((asked.startMs ?? endMs - DEFAULT_HISTORY_MS) / gridMs) * gridMs;
  if (startMs >= endMs) {
    throw new UsageError(
      "range",
      `there is no history from ${formatUtc(startMs)} to ${formatUtc(endMs)}; give an earlier --from`,
    );
  }
  return { startMs, endMs };
}

function questionOf({ options }: CommandContext<"train">, { name, targets }: OpenedSource): CacheQuestion {
  return {
    source: name,
    asked: options.template ?? targets.map(writtenTarget).join("; "),
    settings: {
      step_ms: options.step ?? null,
      rate: options.rate,
      datasource: options.datasourceUid ?? null,
      labels: options.label.map(({ name: label, values }) => `${label}=${values.join(",")}`).join(" ") || null,
    },
  };
}

/** With the name that its series are known by: under another they are other series. */
function writtenTarget({ expression, labels }: Target): string {
  const name = labels[QUERY_LABEL];
  return name === undefined || name === expression ? expression : writtenQuery({ name, expression });
}

function openedCache({ options }: CommandContext<"train">, question: CacheQuestion): CacheFolder | undefined {
  if (options.noCache) return undefined;
  const cache = openCache(options.cacheDir, question);
  return options.dryRun ? { ...cache, write: () => {} } : cache;
}

function joinedHistory(
  { options }: CommandContext<"train">,
  opened: OpenedSource,
  range: TimeRange,
  { pieces, failures, notes, asked, cached }: FetchedHistory,
): TrainingHistory {
  const hash = createHash("sha256");
  const series: StoredSeries[] = [];
  let values = 0;
  const joined = joinPieces(pieces, (one) => {
    hash.update(fingerprintOf(one));
    values += one.values.reduce((n, value) => n + (value === value ? 1 : 0), 0);
    series.push(storeShared(one));
  });
  if (series.length === 0 && joined.leftOut.length === 0) {
    const [failure] = failures;
    throw new InputError(
      "no_series",
      failure === undefined
        ? `no data: ${opened.name} has no value from ${formatUtc(range.startMs)} to ${formatUtc(range.endMs)}; check the range and what is requested`
        : `nothing could be fetched: ${failure.reason}`,
    );
  }
  const what = options.template ?? options.query.map(writtenQuery).join("; ");
  const from = cached === 0 ? "" : `, ${count(cached, "stretch", "stretches")} of it from the cache`;
  return {
    series,
    leftOut: joined.leftOut,
    failures: failures.map(({ target, reason }) => ({ name: target.expression, reason })),
    origins: [`${opened.name} ${what}`],
    lines: [
      `${opened.name}: ${formatUtc(range.startMs)} to ${formatUtc(range.endMs)}, ${count(asked, "stretch", "stretches")} requested${from}`,
      `${count(series.length, "series", "series")}, step ${formatDuration(joined.stepMs)}, ${thousands(values)} values`,
    ],
    notes: [...notes, ...joined.notes],
    fingerprint: hash.digest("hex"),
    options: { source: opened.name, asked: what, rate: options.rate || null },
    json: {
      source: opened.name,
      asked: what,
      from: formatUtc(range.startMs),
      until: formatUtc(range.endMs),
      step_s: joined.stepMs / 1000,
      series: series.length,
      values,
      left_out: joined.leftOut,
      failures: failures.map(({ target, reason }) => ({ target: target.expression, reason })),
      notes: [...notes, ...joined.notes],
    },
  };
}

function fingerprintOf({ labels, startMs, stepMs, values }: Series): Uint8Array {
  const head = Buffer.from(`${seriesKey(labels)}\n${startMs} ${stepMs} ${values.length}\n`);
  return Buffer.concat([head, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]);
}
