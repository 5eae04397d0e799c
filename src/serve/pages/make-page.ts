import { InputError } from "../../errors/errors.js";
import { drawJob } from "../../plot/draw-job.js";
import type { Surroundings } from "../../runs/surroundings.js";
import { episodePage } from "./episode-page.js";
import { frontPage } from "./front-page.js";
import { type HydrateServed, servedHydration } from "./hydrate-served.js";
import type { PageAnswer, PageOrder } from "./page-order.js";

/** Pixels of a PNG for each unit: sharp on a phone and in a chat. */
const SCALE = 2;

/** Makes pages and pictures, and keeps what the next one needs again. */
export function pageMaker(): (order: PageOrder, around: Surroundings) => Promise<PageAnswer> {
  const hydrate: HydrateServed = servedHydration();
  return async (order, around) => {
    if (order.kind === "front") return frontPage(order, hydrate, around);
    if (order.kind === "episode") return episodePage(order);
    const { served, record, format } = order;
    const [hydrated] = await hydrate(served, [record], around);
    if (hydrated === undefined) throw new InputError("picture", "the source no longer has the values of this episode");
    const timezone = served.job.timezone ?? "UTC";
    const drawn = await drawJob(
      { kind: "episode", records: [hydrated] },
      { format, theme: "light", timezone, scale: SCALE },
    );
    if ("reason" in drawn) throw new InputError("picture", drawn.reason);
    return drawn.content;
  };
}
