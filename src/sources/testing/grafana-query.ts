import { graphiteFrames, prometheusFrames } from "./frames.js";

/** One query of `/api/ds/query` for a Graphite or Prometheus data source. */
export interface DsQuery {
  readonly refId: string;
  readonly target?: string;
  readonly expr?: string;
  readonly maxDataPoints?: number;
  readonly interval?: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface QueryLook {
  /** Versions up to 10 send Graphite `maxDataPoints` 500, whatever was requested. */
  readonly oldPointLimit?: number;
  /** 12.4.0 alone puts all frames of Graphite under an empty name. */
  readonly emptyName?: boolean;
}

/**
 * What Grafana's backend does with queries for Graphite and Prometheus: asks the server behind it and wraps its answer in
 * frames, as measured on 12.4.0. Any failure is a 400 with the real status inside.
 *
 * @param backendUrl undefined: a data source that refuses the connection.
 */
export async function answerQueries(
  backendUrl: string | undefined,
  { from, to, queries }: { readonly from: string; readonly to: string; readonly queries: readonly DsQuery[] },
  { oldPointLimit, emptyName }: QueryLook,
): Promise<Answer> {
  const results: Record<string, unknown> = {};
  for (const query of queries) {
    const isGraphite = query.expr === undefined;
    const failed = (status: number, error: string): Answer => {
      const own = { [query.refId]: { status, error, errorSource: "downstream", frames: [] } };
      // Of Graphite's queries the first that fails ends the request, and the others have no key.
      return { status: 400, body: { results: isGraphite ? own : { ...results, ...own } } };
    };
    if (backendUrl === undefined) return failed(502, "dial tcp: connect: connection refused");
    const reply = await (isGraphite
      ? askGraphite(backendUrl, from, to, query, oldPointLimit)
      : askPrometheus(backendUrl, from, to, query)
    ).catch(() => undefined);
    if (reply === undefined) return failed(502, "dial tcp: connect: connection refused");
    if (!reply.ok) {
      return failed(isGraphite ? 500 : reply.status, (await reply.text()).slice(0, 300));
    }
    const frames = isGraphite ? await graphiteReply(reply) : await prometheusReply(reply);
    // Graphite, nothing found: no key at all.
    if (frames.length === 0) continue;
    results[isGraphite && emptyName === true ? "" : query.refId] = { status: 200, frames };
  }
  return { status: 200, body: { results } };
}

function askGraphite(url: string, from: string, to: string, query: DsQuery, oldLimit: number | undefined) {
  const body = new URLSearchParams({
    from: String(Math.floor(Number(from) / 1000)),
    until: String(Math.floor(Number(to) / 1000)),
    format: "json",
    // Absent it is 100 in Grafana.
    maxDataPoints: String(oldLimit ?? query.maxDataPoints ?? 100),
    target: query.target ?? "",
  });
  return fetch(`${url}/render`, { method: "POST", body });
}

function askPrometheus(url: string, from: string, to: string, query: DsQuery) {
  const stepS = Number.parseInt(query.interval ?? "15000", 10) / 1000;
  const align = (ms: string) => String(Math.floor(Number(ms) / 1000 / stepS) * stepS);
  const body = new URLSearchParams({
    query: query.expr ?? "",
    start: align(from),
    end: align(to),
    step: String(stepS),
  });
  return fetch(`${url}/api/v1/query_range`, { method: "POST", body });
}

async function graphiteReply(reply: Response) {
  return graphiteFrames((await reply.json()) as Parameters<typeof graphiteFrames>[0]);
}

async function prometheusReply(reply: Response) {
  const { data } = (await reply.json()) as { data: { result: Parameters<typeof prometheusFrames>[0] } };
  return prometheusFrames(data.result);
}
