import { readFileSync } from "node:fs";
import { InputError, messageOf } from "../../errors/errors.js";
import type { Http } from "../../http/http.js";
import type { KnownEvent } from "../../records/known-event.js";
import { parseMatchers } from "../../records/matcher.js";
import type { TimeRange } from "../../series/series.js";
import type { Surroundings } from "../surroundings.js";
import type { EventSources } from "./event-sources.js";

/** Calendars and annotations are small; a source that hangs must not hold up a run for long. */
const TIMEOUT_MS = 10_000;
const DEADLINE_MS = 30_000;
const MOST_BYTES = 32e6;

/**
 * The events of calendars, annotations and silences that touch a range. A source that cannot be read is said, and the others count.
 */
export async function fetchEvents(
  sources: EventSources,
  range: TimeRange,
  { env, warn, signal }: Pick<Surroundings, "env" | "warn" | "signal">,
): Promise<readonly KnownEvent[]> {
  let opened: Http | undefined;
  // Loaded only where something is asked of a server.
  const http = async () => {
    const { createHttp } = await import("../../http/http.js");
    opened ??= createHttp({ timeoutMs: TIMEOUT_MS, deadlineMs: DEADLINE_MS, maxResponseBytes: MOST_BYTES });
    return opened;
  };
  const found: KnownEvent[] = [];
  const isUsable = ({ id, matchers }: KnownEvent, name: string): boolean => {
    try {
      parseMatchers(matchers);
      return true;
    } catch (thrown) {
      warn(`${id} of ${name} is left out: ${messageOf(thrown)}`);
      return false;
    }
  };
  const take = async (name: string, ask: () => Promise<readonly KnownEvent[]>) => {
    try {
      for (const event of await ask()) if (isUsable(event, name)) found.push(event);
    } catch (thrown) {
      signal.throwIfAborted();
      warn(`the events of ${name} are missing: ${withoutPaths(messageOf(thrown), sources)}`);
    }
  };
  try {
    for (const { kind, place } of sources.calendars) {
      const name = shownPlace(place);
      await take(name, async () => {
        const text = isUrl(place) ? await (await http()).getText(place, { signal }) : readCalendar(place);
        const { calendarEvents } = await import("./calendar-events.js");
        return calendarEvents(text, { name, kind, timezone: sources.timezone }, range);
      });
    }
    for (const { kind, tag } of sources.annotations) {
      await take(`Grafana's annotations with the tag ${tag}`, async () => {
        const url = sources.grafanaUrl;
        if (url === undefined) throw new InputError("grafana_url", "set GRAFANA_URL or --grafana-url");
        return (await import("./grafana-events.js")).grafanaEvents(await http(), { url, tag, kind }, range, env);
      });
    }
    const { alertmanagerUrl } = sources;
    if (alertmanagerUrl !== undefined) {
      await take("Alertmanager", async () =>
        (await import("./alertmanager-silences.js")).alertmanagerSilences(await http(), alertmanagerUrl, range),
      );
    }
  } finally {
    await opened?.close();
  }
  return found;
}

export const isUrl = (place: string) => /^https?:\/\//.test(place);

/** An address of a calendar often holds a secret. */
function shownPlace(place: string): string {
  return isUrl(place) && URL.canParse(place) ? `the calendar at ${new URL(place).host}` : place;
}

/** Who knows the address of a calendar can often read it. */
function withoutPaths(message: string, { calendars }: EventSources): string {
  const paths = calendars.flatMap(({ place }) =>
    isUrl(place) && URL.canParse(place) ? [new URL(place).pathname] : [],
  );
  return paths.filter((path) => path.length > 1).reduce((text, path) => text.replaceAll(path, "/…"), message);
}

function readCalendar(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new InputError("calendar", "it cannot be read; check the path", { cause });
  }
}
