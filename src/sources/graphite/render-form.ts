import { SourceError } from "../../errors/errors.js";
import { parseJson } from "../../http/answer.js";
import { placeOf } from "../../http/failure.js";
import type { CallOptions, Form, Http } from "../../http/http.js";
import type { RenderRequest, RenderTransport } from "./fetch-series.js";
import { decodeRaw, END_MARK, END_TARGET } from "./raw-reply.js";
import { decodeReply } from "./reply.js";

type Format = "raw" | "json";

/** `from` is exclusive in Graphite and `until` inclusive, so both are a second before what is meant. */
function renderForm({ expressions, range }: RenderRequest, format: Format): Form {
  const targets = format === "raw" ? [...expressions, END_TARGET] : expressions;
  return [
    ...targets.map((expression) => ["target", expression] as const),
    ["format", format],
    ["from", String(Math.floor(range.startMs / 1000) - 1)],
    ["until", String(Math.ceil(range.endMs / 1000) - 1)],
    ["tz", "UTC"],
  ];
}

/**
 * Graphite's own `/render` at an address, directly or through a proxy that passes it on; always by POST.
 *
 * Paths are requested in the raw format, which costs the server less; what functions give is requested in JSON, which gives the
 * paths under them. A server that does not know the raw format, or refuses it, is asked for JSON from then on.
 */
export function renderByForm(http: Http, url: string, headers: () => CallOptions["headers"]): RenderTransport {
  const place = placeOf(url);
  let knowsRaw = true;
  const asJson = async (request: RenderRequest) =>
    decodeReply(await http.postForm(url, renderForm(request, "json"), { headers: headers() }), place);
  const asRaw = async (request: RenderRequest) => {
    const text = await http.postFormText(url, renderForm(request, "raw"), { headers: headers() });
    if (!/^\s*[[{]/.test(text)) return decodeRaw(text, place);
    knowsRaw = false;
    return decodeReply(parseJson(url, text), place).filter(({ name }) => name !== END_MARK);
  };
  return async (request) => {
    if (!knowsRaw || request.expressions.some((expression) => expression.includes("("))) return asJson(request);
    try {
      return await asRaw(request);
    } catch (error) {
      if (!(error instanceof SourceError) || !["source.refused", "source.server_error"].includes(error.code))
        throw error;
      const answer = await asJson(request);
      knowsRaw = false;
      return answer;
    }
  };
}
