import fc from "fast-check";
import { expect, test } from "vitest";
import { checkedRow } from "../check-row.js";
import type { EpisodeRow } from "../rows.js";
import type { Query, Store } from "../store.js";
import { testEpisode } from "./rows.js";

/** The store as an obvious map of rows. */
type Model = Map<string, EpisodeRow>;
interface Real {
  readonly stores: readonly Store[];
}

const minute = fc.integer({ min: 0, max: 6 });
const id = fc.constantFrom("a", "B", "b", "~", "!", "b0");
const job = fc.constantFrom("web", "Web", "Öl", "a'b", null);
const row = fc
  .record({ id, minute, job, severity: fc.constantFrom("low", "high"), note: fc.string({ unit: "binary" }) })
  .map((part) =>
    testEpisode(part.id, part.minute, { job: part.job, severity: part.severity as "low", record: { note: part.note } }),
  );
const change = fc.oneof(
  fc.record({ verb: fc.constant("put" as const), row }),
  fc.record({ verb: fc.constant("add" as const), row }),
  fc.record({ verb: fc.constant("remove" as const), row }),
);
const query = fc.record(
  {
    job: fc.oneof(job, fc.array(job, { maxLength: 2 })),
    from: minute,
    until: minute,
    order: fc.constantFrom("oldest" as const, "newest" as const),
    limit: fc.integer({ min: 0, max: 4 }),
    after: row,
  },
  { requiredKeys: [] },
);
const minuteMs = (n: number) => Date.parse(testEpisode("x", n).start);

/** The slow and obvious answer. */
function obvious(model: Model, asked: Query<"episodes">): EpisodeRow[] {
  const sign = asked.order === "newest" ? -1 : 1;
  const byKey = (a: EpisodeRow, b: EpisodeRow) =>
    sign * (Date.parse(a.start) - Date.parse(b.start) || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
  const jobs = asked.where?.job;
  return [...model.values()]
    .filter((one) => jobs === undefined || [jobs].flat().includes(one.job))
    .filter((one) => Date.parse(one.start) >= (asked.fromMs ?? 0) && Date.parse(one.start) < (asked.untilMs ?? 1e15))
    .filter((one) => asked.after === undefined || byKey(one, asked.after) > 0)
    .sort(byKey)
    .slice(0, asked.limit ?? 1e9);
}

class Write implements fc.AsyncCommand<Model, Real> {
  readonly changes: readonly { verb: "put" | "add" | "remove"; row: EpisodeRow }[];
  readonly by: number;
  readonly fails: boolean;
  constructor(changes: Write["changes"], by: number, fails: boolean) {
    this.changes = changes;
    this.by = by;
    this.fails = fails;
  }
  check = () => true;
  async run(model: Model, { stores }: Real): Promise<void> {
    const after = new Map(model);
    const work = stores[this.by].transaction(async (transaction) => {
      for (const { verb, row: given } of this.changes) {
        const isThere = after.has(given.id);
        if (verb === "remove") {
          expect(await transaction.remove("episodes", given.id)).toBe(isThere);
          after.delete(given.id);
          continue;
        }
        if (verb === "put") await transaction.put("episodes", given);
        else expect(await transaction.add("episodes", given)).toBe(!isThere);
        if (verb === "put" || !isThere) after.set(given.id, await checkedRow("episodes", given));
        expect(await transaction.get("episodes", given.id)).toEqual(after.get(given.id));
      }
      expect(await transaction.find("episodes")).toEqual(obvious(after, {}));
      if (this.fails) throw new Error("undo");
    });
    if (this.fails) {
      await expect(work).rejects.toThrow("undo");
      return;
    }
    await work;
    model.clear();
    for (const [key, value] of after) model.set(key, value);
  }
  toString = () => `write ${JSON.stringify(this)}`;
}

class Find implements fc.AsyncCommand<Model, Real> {
  readonly asked: Query<"episodes">;
  readonly by: number;
  constructor(asked: Query<"episodes">, by: number) {
    this.asked = asked;
    this.by = by;
  }
  check = () => true;
  async run(model: Model, { stores }: Real): Promise<void> {
    expect(await stores[this.by].find("episodes", this.asked)).toEqual(obvious(model, this.asked));
  }
  toString = () => `find ${JSON.stringify(this.asked)}`;
}

class Vacuum implements fc.AsyncCommand<Model, Real> {
  readonly by: number;
  constructor(by: number) {
    this.by = by;
  }
  check = () => true;
  run = async (_: Model, { stores }: Real) => stores[this.by].vacuum();
  toString = () => "vacuum";
}

/** Whatever is done with two handles of it, in any order, it answers as a map would. */
export function describeModel(open: () => Promise<Store>): void {
  test("behaves like a map of rows, whatever two users of it do", async () => {
    const by = fc.constantFrom(0, 1);
    const commands = [
      fc
        .tuple(fc.array(change, { maxLength: 4 }), by, fc.constantFrom(false, false, true))
        .map((made) => new Write(...made)),
      fc.tuple(query, by).map(
        ([{ job: jobs, from, until, ...rest }, user]) =>
          new Find(
            {
              ...(jobs !== undefined && { where: { job: jobs } }),
              ...(from !== undefined && { fromMs: minuteMs(from) }),
              ...(until !== undefined && { untilMs: minuteMs(until) }),
              ...rest,
            },
            user,
          ),
      ),
      by.map((user) => new Vacuum(user)),
    ];
    const stores = [await open(), await open()];
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 20 }), async (course) => {
        await stores[0].transaction(async (transaction) => {
          for (const one of await transaction.find("episodes")) await transaction.remove("episodes", one.id);
        });
        await fc.asyncModelRun(() => ({ model: new Map() as Model, real: { stores } }), course);
      }),
      { numRuns: 60 },
    );
  });
}
