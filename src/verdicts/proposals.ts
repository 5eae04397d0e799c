import { literalGlob } from "../records/matcher.js";
import { WEEK_MS } from "../time/duration.js";
import { formatUtc } from "../time/format.js";
import type { JudgedEpisode } from "./judged.js";

/** A maintenance that somebody who expects an episode may want: the same weekday and time as it, in the week to come. */
export interface EventProposal {
  /** The episode that was expected. */
  readonly episode: string;
  readonly kind: "maintenance";
  readonly matchers: readonly string[];
  readonly from: string;
  readonly until: string;
  readonly note: string | null;
  readonly author: string | null;
}

/** An episode with its end, which a proposal lasts until. */
export type ExpectedEpisode = JudgedEpisode & { readonly end: string; readonly stepMs: number };

/**
 * Event proposals for what is expected, the earliest first. From the hour of the begin to that of the end, with a slot's leeway on both sides,
 * in whole weeks (UTC) after the episode: the first that is not over at `nowMs`.
 */
export function eventProposals(expected: readonly ExpectedEpisode[], nowMs: number): readonly EventProposal[] {
  return expected
    .filter(({ verdict }) => verdict === "expected")
    .map(({ id, look, end, stepMs, note, author }): EventProposal => {
      const [fromMs, untilMs] = [Date.parse(look.start) - stepMs, Date.parse(end) + stepMs];
      const weeks = Math.max(1, Math.floor((nowMs - untilMs) / WEEK_MS) + 1);
      return {
        episode: id,
        kind: "maintenance",
        matchers: Object.entries(look.labels).map(([name, value]) => `${name}=${literalGlob(value)}`),
        from: formatUtc(fromMs + weeks * WEEK_MS),
        until: formatUtc(untilMs + weeks * WEEK_MS),
        note,
        author,
      };
    })
    .sort((a, b) => Date.parse(a.from) - Date.parse(b.from) || (a.episode < b.episode ? -1 : 1));
}
