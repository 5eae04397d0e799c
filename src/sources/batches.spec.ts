import { describe, expect, test } from "vitest";
import { SourceError } from "../errors/errors.js";
import { askInBatches, type BatchOptions } from "./batches.js";

/** Asks for the numbers below `count`; which of them are answered, which failed, and in how many requests. */
async function ask(
  count: number,
  fails: (batch: readonly number[]) => string | undefined,
  options: Partial<BatchOptions> & { readonly time?: number } = {},
) {
  const items = Array.from({ length: count }, (_, i) => i);
  const came: number[] = [];
  const failed: number[] = [];
  let requests = 0;
  await askInBatches(
    items,
    { size: 1000, concurrency: 4, ...options },
    {
      ask: async (batch) => {
        requests++;
        const code = fails(batch);
        if (code !== undefined) throw new SourceError(code, code);
        came.push(...batch);
      },
      onFailure: (batch) => failed.push(...batch),
      splitItem: (item, parts) => (options.time === undefined ? undefined : Array(parts).fill(item)),
    },
  );
  return { came: came.sort((a, b) => a - b), failed: failed.sort((a, b) => a - b), requests };
}

describe("what fails is split until the bad ones are alone", () => {
  test.each([
    ["first", [0]],
    ["in the middle", [500]],
    ["last", [999]],
    ["three side by side", [497, 498, 499]],
    ["far from each other", [1, 300, 700, 998]],
  ])("%s", async (_, bad) => {
    const { came, failed, requests } = await ask(1000, (batch) =>
      bad.some((one) => batch.includes(one)) ? "refused" : undefined,
    );
    expect(failed).toEqual(bad);
    expect(came).toHaveLength(1000 - bad.length);
    expect(requests).toBeLessThan(30 * bad.length);
  });

  test("what is too much at once comes in eighths", async () => {
    const { came, requests } = await ask(1000, (batch) => (batch.length > 20 ? "too_large" : undefined));
    expect(came).toHaveLength(1000);
    expect(requests).toBeLessThan(1 + 8 + 64 + 1);
  });
});

describe("a server that fails the same way whatever is asked is not stormed", () => {
  test.each([
    ["refused", 3, 11],
    ["server_error", 3, 11],
    ["too_large", 3, 4],
    ["cut_off", 3, 6],
    ["server_error", 1000, 20],
    ["too_large", 1000, 4],
    ["cut_off", 1000, 8],
  ])("%s of %i targets that could be split by time as well", async (code, count, most) => {
    const { came, failed, requests } = await ask(count, () => code, { time: 8 });
    expect(came).toEqual([]);
    expect(new Set(failed).size).toBe(count);
    expect(requests).toBeLessThanOrEqual(most);
  });

  test("nothing but time-outs is a server that cannot be reached", async () => {
    let requests = 0;
    const asking = ask(1000, () => {
      requests++;
      return "timeout";
    });
    await expect(asking).rejects.toMatchObject({ code: "source.timeout" });
    expect(requests).toBeLessThanOrEqual(4);
  });

  test("the batches after it are asked all the same, once each", async () => {
    const { came, failed } = await ask(40, (batch) => (batch[0] < 10 ? "cut_off" : undefined), { size: 10, time: 8 });
    expect(failed.every((one) => one < 10)).toBe(true);
    expect(came).toEqual(Array.from({ length: 30 }, (_, i) => i + 10));
  });

  test("until something is answered one request is under way at a time", async () => {
    let underWay = 0;
    let most = 0;
    const items = Array.from({ length: 100 }, (_, i) => i);
    await askInBatches(
      items,
      { size: 10, concurrency: 8 },
      {
        ask: async () => {
          most = Math.max(most, ++underWay);
          await Promise.resolve();
          underWay--;
          throw new SourceError("server_error", "no");
        },
        onFailure: () => {},
      },
    );
    expect(most).toBe(1);
  });
});
