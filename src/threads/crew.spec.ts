import { describe, expect, test } from "vitest";
import { InputError } from "../errors/errors.js";
import { withCrew } from "./crew.js";

/** A thread that answers as `serve` does: doubles numbers, notes on the way, fails at negative ones, waits for ever at 0. */
const SCRIPT = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from "node:worker_threads";
    parentPort.on("message", (task) => {
      if (task === 0) return;
      parentPort.postMessage({ kind: "note", note: "at " + task });
      if (task === 13) process.exit(7);
      if (task < 0) parentPort.postMessage({ kind: "failure", failure: { code: "input.x", exitCode: 1, message: "below 0" } });
      else setTimeout(() => parentPort.postMessage({ kind: "result", result: task * 2 }), task % 7);
    });`)}`,
);

describe("a crew", () => {
  test.each([1, 3])("of %i gives the results in the order of the tasks, whichever is done first", async (threads) => {
    const tasks = Array.from({ length: 40 }, (_, i) => ((i * 37) % 11) + 1);
    const notes: string[] = [];
    const results = await withCrew(SCRIPT, { threads }, (crew) =>
      crew.doAll<number, number, string>(tasks, { onNote: (_, note) => notes.push(note) }),
    );
    expect(results).toEqual(tasks.map((task) => task * 2));
    expect(notes.sort()).toEqual(tasks.map((task) => `at ${task}`).sort());
  });

  test("ends with the sentence, code and exit status of the first failure", async () => {
    const work = withCrew(SCRIPT, { threads: 2 }, (crew) => crew.doAll([1, 2, -1, 0, 0]));
    await expect(work).rejects.toMatchObject({
      message: "below 0",
      code: "input.x",
      exitCode: new InputError("x", "").exitCode,
    });
  });

  test("ends when a thread ends before its work", async () => {
    const work = withCrew(SCRIPT, { threads: 2 }, (crew) => crew.doAll([1, 13, 0]));
    await expect(work).rejects.toThrow("ended before its work was done");
  });

  test("ends with the reason of the interrupt, threads that never answer too", async () => {
    const interrupt = new AbortController();
    const work = withCrew(SCRIPT, { threads: 2, signal: interrupt.signal }, (crew) =>
      crew.doAll([1, 0, 0], { onResult: () => interrupt.abort(new Error("Ctrl-C")) }),
    );
    await expect(work).rejects.toThrow("Ctrl-C");
    await expect(withCrew(SCRIPT, { threads: 1, signal: interrupt.signal }, async () => 1)).rejects.toThrow("Ctrl-C");
  });

  test("ends with what a listener throws", async () => {
    const work = withCrew(SCRIPT, { threads: 2 }, (crew) =>
      crew.doAll([1, 0], {
        onNote: () => {
          throw new Error("enough");
        },
      }),
    );
    await expect(work).rejects.toThrow("enough");
  });
});
