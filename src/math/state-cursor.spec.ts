import { describe, expect, test } from "vitest";
import { restoreState, type StateCursor, saveState, stateBytes } from "./state-cursor.js";

/** Keeps numbers of every kind, and derives one from them. */
class Keeper {
  count = Number.NaN;
  sum = 0;
  readonly bytes = new Uint8Array(3);
  readonly floats = new Float32Array(2);
  readonly doubles = new Float64Array(1);

  walk(state: StateCursor): void {
    this.count = state.number(this.count);
    state.array(this.bytes);
    state.array(this.floats);
    state.array(this.doubles);
    if (state.isRestoring) this.sum = this.bytes.reduce((sum, byte) => sum + byte, 0);
  }
}

describe("a state", () => {
  const one = new Keeper();
  one.count = -0;
  one.bytes.set([1, 2, 255]);
  one.floats.set([0.1, Number.NaN]);
  one.doubles.set([1 / 3]);
  const saved = saveState(one, stateBytes(one));

  test("is as long as what it holds: eight bytes for a number, and the arrays as they are", () => {
    expect(stateBytes(one)).toBe(8 + 3 + 8 + 8);
  });

  test("brings everything back to the last bit, and lets what is derived be derived again", () => {
    const other = new Keeper();
    restoreState(other, saved);
    expect(other.count).toBe(-0);
    expect([...other.bytes, ...other.floats, ...other.doubles]).toEqual([
      1,
      2,
      255,
      Math.fround(0.1),
      Number.NaN,
      1 / 3,
    ]);
    expect(other.sum).toBe(258);
  });

  test("is restored from anywhere in a buffer", () => {
    const shifted = new Uint8Array(saved.length + 5);
    shifted.set(saved, 5);
    const other = new Keeper();
    restoreState(other, shifted.subarray(5));
    expect(other.doubles[0]).toBe(1 / 3);
  });

  test("is a copy: what changes afterwards is not in it", () => {
    one.bytes[0] = 9;
    const other = new Keeper();
    restoreState(other, saved);
    expect(other.bytes[0]).toBe(1);
    one.bytes[0] = 1;
  });
});
