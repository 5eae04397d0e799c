import { placeOf } from "../../http/failure.js";
import type { CallOptions, Form, Http } from "../../http/http.js";
import type { RenderRequest, RenderTransport } from "./fetch-series.js";
import { decodeReply } from "./reply.js";

/** `from` is exclusive in Graphite and `until` inclusive, so both are a second before what is meant. */
export function renderForm({ expressions, range }: RenderRequest): Form {
  return [
    ...expressions.map((expression) => ["target", expression] as const),
    ["format", "json"],
    ["from", String(Math.floor(range.startMs / 1000) - 1)],
    ["until", String(Math.ceil(range.endMs / 1000) - 1)],
    ["tz", "UTC"],
  ];
}

/** Graphite's own `/render` at an address, directly or through a proxy that passes it on; always by POST. */
export function renderByForm(http: Http, url: string, headers: () => CallOptions["headers"]): RenderTransport {
  return async (request) =>
    decodeReply(await http.postForm(url, renderForm(request), { headers: headers() }), placeOf(url));
}
