import type { SourceError } from "../../errors/errors.js";
import { placeOf, statusFailure } from "../../http/failure.js";
import type { Labels } from "../../series/series.js";
import { visible } from "../../wording/visible.js";
import type { ReplySeries } from "../reply-series.js";
import { unexpectedReply } from "../unexpected-reply.js";

interface Field {
  readonly name?: string;
  readonly type?: string;
  readonly labels?: Labels | null;
  readonly config?: { readonly displayNameFromDS?: string } | null;
}

/** Rows of a column whose value JSON cannot write: they stand as null among the values. */
interface Entities {
  readonly NaN?: readonly number[];
  readonly Inf?: readonly number[];
  readonly NegInf?: readonly number[];
}

interface Frame {
  readonly schema?: { readonly name?: string; readonly fields?: readonly Field[] };
  readonly data?: {
    readonly values?: readonly (readonly unknown[])[];
    readonly entities?: readonly (Entities | null)[] | null;
  };
}

interface Result {
  readonly error?: unknown;
  readonly status?: unknown;
  readonly frames?: unknown;
}

/**
 * The series in the data frames that Grafana's `/api/ds/query` answers its only query with: in each frame a time column, in epoch
 * ms, and one or more columns of numbers, each a series. Null and NaN are missing values; infinities, which are in
 * `entities`, are too and are counted. No result at all is how Grafana says that Graphite found nothing.
 *
 * @throws SourceError as for an answer with the status that the result gives; `unexpected` for anything but frames.
 * @see https://grafana.com/developers/dataplane/ and Grafana's documentation of `POST /api/ds/query`.
 */
export function decodeFrames(json: unknown, refId: string, url: string): ReplySeries[] {
  const place = placeOf(url);
  const { results } = (json ?? {}) as { results?: Readonly<Record<string, Result>> };
  if (typeof results !== "object" || results === null) throw unexpected(place, "results are needed");
  if (Object.keys(results).length === 0) return [];
  const result = resultOf(results, refId);
  if (result === undefined) throw unexpected(place, `a result for the query ${refId} is needed`);
  if (typeof result.error === "string" && result.error !== "") {
    const said = visible(result.error.replace(/\s+/g, " ").slice(0, ERROR_LENGTH));
    throw statusFailure(url, statusIn(json, refId) ?? 400, said);
  }
  if (result.frames === undefined || result.frames === null) return [];
  if (!Array.isArray(result.frames)) throw unexpected(place, "a list of frames is needed");
  return result.frames.flatMap((frame: Frame) => decodeFrame(frame, place));
}

const ERROR_LENGTH = 200;

/** Grafana 12.4.0 (no other version) puts what Graphite answered under an empty name. */
function resultOf(results: Readonly<Record<string, Result>>, refId: string): Result | undefined {
  return results[refId] ?? (Object.keys(results).length === 1 ? results[""] : undefined);
}

/**
 * The status behind Grafana's own, which is 400 whatever went wrong: 502 where the data source refused the connection, 504 where it
 * was too slow. That the data source refused Grafana's credentials (401, 403) or has no such path (404) is none of ours, and stays 400.
 */
export function statusIn(json: unknown, refId: string): number | undefined {
  const { results } = (json ?? {}) as { results?: Readonly<Record<string, Result>> | null };
  const status = results === undefined || results === null ? undefined : resultOf(results, refId)?.status;
  return typeof status === "number" && (status === 408 || status === 429 || status >= 500) ? status : undefined;
}

function decodeFrame({ schema, data }: Frame, place: string): ReplySeries[] {
  const fields = schema?.fields ?? [];
  const columns = data?.values ?? [];
  if (fields.length === 0 || columns.length === 0) return [];
  const timeAt = fields.findIndex(({ type }) => type === "time");
  const timeColumn = columns[timeAt];
  if (timeColumn === undefined || !timeColumn.every((time) => typeof time === "number")) {
    throw unexpected(place, "each frame needs a column of times");
  }
  const times = Float64Array.from(timeColumn as readonly number[]);
  return fields.flatMap((field, i): ReplySeries[] => {
    if (field.type !== "number") return [];
    const column = columns[i] ?? [];
    if (column.length !== times.length) throw unexpected(place, "all columns of a frame need as many rows");
    const values = Float64Array.from(column, (value) =>
      typeof value === "number" && Number.isFinite(value) ? value : Number.NaN,
    );
    const entities = data?.entities?.[i];
    const labels = field.labels ?? {};
    return [
      {
        name: field.config?.displayNameFromDS ?? schema?.name ?? field.name ?? "",
        labels,
        times: times.slice(),
        values,
        infinite: (entities?.Inf?.length ?? 0) + (entities?.NegInf?.length ?? 0),
      },
    ];
  });
}

function unexpected(place: string, needed: string): SourceError {
  return unexpectedReply(place, needed, { isNot: "holds no data frames", whose: "Grafana's" });
}
