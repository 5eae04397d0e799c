import { SourceError } from "../../errors/errors.js";

/** Two ways to one data source; which of them is open shows at the first request. */
export interface Ways<Request, Answer> {
  readonly proxy: (request: Request) => Promise<Answer>;
  readonly query: (request: Request) => Promise<Answer>;
}

/** How Grafana is asked: its data-source proxy, its query API, or the second where the first is forbidden. */
export const VIAS = ["auto", "proxy", "query"] as const;
export type Via = (typeof VIAS)[number];

/**
 * One way out of two. With `auto` a 403 of the proxy (switched off, or not allowed to this token) leads to the query API, for
 * this request and all that follow. Where that answers 403 as well, the token is what is wrong.
 */
export function chooseWay<Request, Answer>(
  { proxy, query }: Ways<Request, Answer>,
  via: Via,
  onSecondWay: () => void,
): (request: Request) => Promise<Answer> {
  if (via === "proxy") return proxy;
  if (via === "query") return query;
  let proxyIsShut = false;
  return async (request) => {
    if (proxyIsShut) return query(request);
    try {
      return await proxy(request);
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== "source.forbidden") throw error;
      const answer = await query(request);
      proxyIsShut = true;
      onSecondWay();
      return answer;
    }
  };
}
