import { join } from "node:path";
import { writeFileAtomic } from "../../files/atomic.js";
import type { SeriesStatus } from "../../records/status.js";
import type { SeriesPoints } from "../../runs/find-anomalies.js";
import { DAY_MS } from "../../time/duration.js";
import { jobTag, type Marks, readMarks, writeMarks } from "./marks.js";
import { bytesOfEntries, type Entry, entriesOf, entryPath, moveEntry, removeEntry } from "./queue-folder.js";
import { type PublishedName, published, type SampleSeries, sampleCount, samplesOf } from "./sample-series.js";
import { slicesOf } from "./slices.js";
import { encodeRequest } from "./wire.js";

/** Where the queues are and how large each may be. */
export interface QueueSpec {
  readonly folder: string;
  /** The folders of the receivers, within. */
  readonly receivers: readonly string[];
  /** Of one queue, on disk. */
  readonly mostBytes: number;
}

/** What one run has put into the queues. */
export interface Queued {
  /** In each queue. */
  readonly samples: number;
  /** Series that no receiver could tell from another one, and so were left out. */
  readonly twins: number;
  /** The oldest samples, for which there was no room. */
  readonly dropped: readonly { readonly receiver: string; readonly samples: number }[];
}

/** A series whose newest slot is so much older than the newest of all, in the data's time, is forgotten. */
const FORGET_MS = 400 * DAY_MS;

/**
 * The queues, as the runs write them. Each slot of a series gets in once, whatever happens: a run first writes its requests aside, then
 * notes which slots they hold, and then puts them in place. What a crash leaves aside is put in place if it was noted, and else removed:
 * the run that was under way had not kept its checkpoints, so the next one scores these slots again.
 */
export class WriteQueues {
  private readonly spec: QueueSpec;
  private readonly marks: Map<string, Marks>;
  private batch: number;
  /** Kept from one run to the next; a series that is gone is not in them any more. */
  private readonly names = new Map<string, ReadonlyMap<string, PublishedName>>();

  /** @throws OutputError where the notes of earlier runs cannot be read. */
  constructor(spec: QueueSpec) {
    this.spec = spec;
    this.marks = readMarks(spec.folder);
    const all = spec.receivers.flatMap((receiver) => entriesOf(join(spec.folder, receiver)));
    this.batch = Math.max(0, ...[...this.marks.values(), ...all].map(({ batch }) => batch));
    for (const receiver of spec.receivers) this.putInPlace(receiver);
  }

  /** Queues the newly scored slots of a run; it must not keep its checkpoints before. @throws OutputError, and then nothing is queued. */
  add(job: string, statuses: readonly SeriesStatus[], points: readonly SeriesPoints[], nowMs: number): Queued {
    const tag = jobTag(job);
    const newest = new Map(this.marks.get(tag)?.newest);
    const samples: SampleSeries[] = [];
    const { series, twins, names } = published(job, statuses, points, this.names.get(job));
    this.names.set(job, names);
    for (const one of series) {
      const own = one.key;
      const fresh = samplesOf(one, newest.get(own) ?? Number.NEGATIVE_INFINITY, nowMs);
      if (fresh.length === 0) continue;
      samples.push(...fresh);
      newest.set(own, fresh[0].times[fresh[0].times.length - 1]);
    }
    if (samples.length === 0) return { samples: 0, twins, dropped: [] };
    const newestMs = [...newest.values()].reduce((most, atMs) => Math.max(most, atMs), Number.NEGATIVE_INFINITY);
    for (const [own, atMs] of newest) if (atMs < newestMs - FORGET_MS) newest.delete(own);
    const batch = ++this.batch;
    this.writeAside(batch, tag, samples);
    const marks = { batch, newest };
    writeMarks(this.spec.folder, tag, marks);
    this.marks.set(tag, marks);
    const dropped = this.spec.receivers.flatMap((receiver) => {
      this.putInPlace(receiver);
      const gone = this.dropOldest(receiver);
      return gone === 0 ? [] : [{ receiver, samples: gone }];
    });
    return { samples: sampleCount(samples), twins, dropped };
  }

  private writeAside(batch: number, job: string, samples: readonly SampleSeries[]): void {
    try {
      let part = 0;
      for (const slice of slicesOf(samples)) {
        const body = encodeRequest(slice);
        const entry: Entry = { batch, part: part++, samples: sampleCount(slice), job, state: "new" };
        for (const receiver of this.spec.receivers) {
          const path = entryPath(join(this.spec.folder, receiver), entry);
          writeFileAtomic(path, body);
        }
      }
    } catch (thrown) {
      for (const receiver of this.spec.receivers) this.putInPlace(receiver);
      throw thrown;
    }
  }

  /** What is aside: into the queue if its slots are noted, else away. */
  private putInPlace(receiver: string): void {
    const folder = join(this.spec.folder, receiver);
    for (const entry of entriesOf(folder)) {
      if (entry.state !== "new") continue;
      const isNoted = entry.batch <= (this.marks.get(entry.job)?.batch ?? 0);
      if (isNoted) moveEntry(folder, entry, "req");
      else removeEntry(folder, entry);
    }
  }

  /** The last resort of a queue that is full. @returns how many samples that cost. */
  private dropOldest(receiver: string): number {
    const folder = join(this.spec.folder, receiver);
    const entries = entriesOf(folder);
    let bytes = bytesOfEntries(folder, entries);
    let dropped = 0;
    for (const entry of entries) {
      if (bytes <= this.spec.mostBytes) break;
      // What is under way is not taken from whoever sends it.
      if (entry.state !== "req") continue;
      const own = bytesOfEntries(folder, [entry]);
      if (!removeEntry(folder, entry)) continue;
      bytes -= own;
      dropped += entry.samples;
    }
    return dropped;
  }
}
