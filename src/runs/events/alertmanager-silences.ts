import type { Http } from "../../http/http.js";
import type { KnownEvent } from "../../records/known-event.js";
import { literalGlob } from "../../records/matcher.js";
import type { TimeRange } from "../../series/series.js";
import { joinUrl } from "../../sources/join-url.js";

interface Silence {
  readonly id: string;
  readonly comment?: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly matchers: readonly {
    readonly name: string;
    readonly value: string;
    readonly isRegex: boolean;
    /** Absent: it is. */
    readonly isEqual?: boolean;
  }[];
}

/**
 * The silences of an Alertmanager (API v2) that touch a range, as maintenances. Their matchers are on labels: one on `alertname` holds for no
 * series, so such a silence concerns none.
 *
 * @throws SourceError where it does not answer.
 */
export async function alertmanagerSilences(
  http: Pick<Http, "getJson">,
  url: string,
  { startMs, endMs }: TimeRange,
): Promise<readonly KnownEvent[]> {
  const found = await http.getJson(joinUrl(url, "api/v2/silences"));
  return (Array.isArray(found) ? (found as readonly Silence[]) : []).flatMap((one): KnownEvent[] => {
    const { id, startsAt, endsAt, comment, matchers } = one;
    if (!(Date.parse(endsAt) > startMs && Date.parse(startsAt) < endMs) || !Array.isArray(matchers)) return [];
    const texts = matchers.map(({ name, value, isRegex, isEqual = true }) => {
      if (isRegex) return `${name}${isEqual ? "=~" : "!~"}"${value}"`;
      return `${name}${isEqual ? "=" : "!="}"${literalGlob(value)}"`;
    });
    return [
      {
        id: `alertmanager:${id}`,
        kind: "maintenance",
        matchers: texts,
        from: startsAt,
        until: endsAt,
        note: comment || null,
      },
    ];
  });
}
