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

/**
 * What Grafana's backend does with queries for Graphite and Prometheus: asks the server behind it and wraps its answer in
 * frames.
 *
 * @param oldLimit versions up to 10 send Graphite `maxDataPoints=500`, whatever was asked for.
 */
export async function answerQueries(
  backendUrl: string,
  { from, to, queries }: { readonly from: string; readonly to: string; readonly queries: readonly DsQuery[] },
  oldLimit: number | undefined,
): Promise<Answer> {
  const results: Record<string, unknown> = {};
  let status = 200;
  for (const query of queries) {
    const reply = await (query.expr === undefined
      ? askGraphite(backendUrl, from, to, query, oldLimit)
      : askPrometheus(backendUrl, from, to, query));
    if (reply.ok) {
      results[query.refId] = {
        status: 200,
        frames: query.expr === undefined ? await graphiteReply(reply) : await prometheusReply(reply),
      };
    } else {
      status = 400;
      results[query.refId] = { status: reply.status, error: (await reply.text()).slice(0, 300), frames: [] };
    }
  }
  return { status, body: { results } };
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
