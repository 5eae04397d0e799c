import type { AnomalyRecord } from "../records/record.js";
import type { Lane } from "../threads/lane.js";
import type { Question } from "./answer-worker.js";
import type { PageAnswer } from "./pages/page-order.js";
import type { House } from "./room.js";

/** Draws the pictures of messages, in a thread that is started with the first. */
export interface AlertPictures {
  /** PNG; null where no served job has the episode. */
  readonly of: (episode: string) => Promise<Uint8Array | null>;
  readonly close: () => Promise<void>;
}

export function alertPictures({ jobs, findings }: Pick<House, "jobs" | "findings">): AlertPictures {
  let lane: Promise<Lane> | undefined;
  return {
    of: async (episode) => {
      for (const served of jobs()) {
        const record = recordOf(findings.get(served.job.name)?.records() ?? [], episode);
        if (record === undefined) continue;
        lane ??= import("./answer-lane.js").then(({ openAnswerLane }) => openAnswerLane());
        const picture = await (await lane).do<Question, PageAnswer>({
          kind: "page",
          order: { kind: "picture", served, record, format: "png" },
        });
        return typeof picture === "string" ? null : picture;
      }
      return null;
    },
    close: async () => {
      await (await lane)?.close();
    },
  };
}

function recordOf(records: Iterable<AnomalyRecord>, id: string): AnomalyRecord | undefined {
  for (const record of records) if (record.id === id) return record;
  return undefined;
}
