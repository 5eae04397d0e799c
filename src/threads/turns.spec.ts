import { describe, expect, test } from "vitest";
import { takeTurns } from "./turns.js";

/** A clock that a test moves. */
function handClock() {
  let now = 0;
  return { nowMs: () => now, move: (ms: number) => (now += ms) };
}

function* steps(clock: ReturnType<typeof handClock>, count: number, eachMs: number): Generator<void, string, void> {
  for (let i = 0; i < count; i++) {
    clock.move(eachMs);
    yield;
  }
  return "done";
}

describe("takeTurns", () => {
  test("lets a timer in between long steps, and gives what the work comes to", async () => {
    const clock = handClock();
    let heard = 0;
    const timer = setInterval(() => heard++, 0);
    const turns = takeTurns(undefined, clock.nowMs);
    await expect(turns.drive(steps(clock, 2000, 30))).resolves.toBe("done");
    clearInterval(timer);
    expect(heard).toBeGreaterThan(0);
  });

  test("ends the work with the reason of the signal", async () => {
    const clock = handClock();
    const interrupt = new AbortController();
    setImmediate(() => interrupt.abort(new Error("Ctrl-C")));
    const turns = takeTurns(interrupt.signal, clock.nowMs);
    await expect(turns.drive(steps(clock, 1e9, 30))).rejects.toThrow("Ctrl-C");
  });

  test("does not give way before its turn is over: short work costs nothing", async () => {
    const clock = handClock();
    const interrupt = new AbortController();
    interrupt.abort(new Error("not looked at"));
    const turns = takeTurns(interrupt.signal, clock.nowMs);
    await expect(turns.drive(steps(clock, 24, 1))).resolves.toBe("done");
  });
});
