import { SourceError } from "../../errors/errors.js";
import type { Labels } from "../../series/series.js";
import type { ReplySeries } from "../reply-series.js";

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

/**
 * The series in the data frames that Grafana's `/api/ds/query` answers one query with: in each frame a time column, in epoch
 * ms, and one or more columns of numbers, each a series. Null and NaN are missing values; infinities, which stand in
 * `entities`, are too and are counted.
 *
 * @throws SourceError `refused` or `server_error` with what the data source said; `unexpected` for anything but frames.
 * @see https://grafana.com/developers/dataplane/ and Grafana's documentation of `POST /api/ds/query`.
 */
export function decodeFrames(json: unknown, refId: string, place: string): ReplySeries[] {
  const { results } = (json ?? {}) as { results?: Readonly<Record<string, unknown>> };
  const result = results?.[refId] as { error?: unknown; status?: unknown; frames?: unknown } | undefined;
  if (result === undefined) throw unexpected(place, `a result for the query ${refId} is needed`);
  if (typeof result.error === "string" && result.error !== "") {
    const code = typeof result.status === "number" && result.status >= 500 ? "server_error" : "refused";
    const said = result.error.replace(/\s+/g, " ").slice(0, 200);
    throw new SourceError(code, `the data source behind ${place} answered with an error (${said})`);
  }
  if (result.frames === undefined || result.frames === null) return [];
  if (!Array.isArray(result.frames)) throw unexpected(place, "a list of frames is needed");
  return result.frames.flatMap((frame: Frame) => decodeFrame(frame, place));
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
        // Graphite's tags come as labels; the path under the functions is the tag "name".
        path: labels["name"],
        labels,
        times: times.slice(),
        values,
        infinite: (entities?.Inf?.length ?? 0) + (entities?.NegInf?.length ?? 0),
      },
    ];
  });
}

function unexpected(place: string, needed: string): SourceError {
  return new SourceError(
    "unexpected",
    `${place} answered with JSON that holds no data frames: ${needed}; check that the address is Grafana's`,
  );
}
