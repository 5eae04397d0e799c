import { expect, test } from "vitest";
import type { Course } from "./fit.js";
import { fitHere } from "./fit-here.js";
import { resumed } from "./resumed.js";

/** Two batches: squares of four numbers, then the sum with each of them. */
function* course(): Course<number[]> {
  const common = { shared: null, phase: "", progress: [0, 1] as const };
  const squares = (yield { ...common, step: "square", parts: [1, 2, 3, 4] }) as number[];
  const sum = squares.reduce((one, other) => one + other, 0);
  return (yield { ...common, step: "add", parts: squares.map((one) => [one, sum]) }) as number[];
}

test.each([0, 1, 3, 4, 5, 7, 8])(
  "a fit that was ended after %d parts does the others only, and comes to the same",
  (ended) => {
    const kept = new Map<string, unknown>();
    const journal = {
      done: (batch: number, part: number) => kept.get(`${batch}/${part}`),
      keep: (batch: number, part: number, result: unknown) => void kept.set(`${batch}/${part}`, result),
    };
    let parts = 0;
    const openStep = (step: string) => (part: unknown) => {
      parts++;
      return step === "square" ? (part as number) ** 2 : (part as number[])[0] + (part as number[])[1];
    };
    const first = fitHere(resumed(course(), journal), openStep);
    for (let i = 0; i < ended; i++) first.next();
    expect(kept.size).toBe(ended);
    parts = 0;
    const second = fitHere(resumed(course(), journal), openStep);
    let next = second.next();
    while (next.done !== true) next = second.next();
    expect(next.value).toEqual([31, 34, 39, 46]);
    expect(parts).toBe(8 - ended);
  },
);
