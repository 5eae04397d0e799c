import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { COMMAND_NAMES, envName } from "../options/spec.js";
import { ALL_OPTIONS } from "../options/table.js";
import { resolveOptions } from "./resolve.js";

const folder = mkdtempSync(join(tmpdir(), "resolve-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("an option exists only for the commands that declare it", () => {
  test("the environment sets --settle for infer, and changes nothing of hydrate", async () => {
    const env = { ANOMALY_SETTLE: "10min" };
    expect((await resolveOptions(new Map(), env, "infer")).options.settle).toBe(600_000);
    const { options, origins } = await resolveOptions(new Map(), env, "hydrate");
    expect([options.settle, origins.settle]).toEqual([undefined, "default"]);
  });

  test("a text that is none for the command that has it does not stop another one", async () => {
    const env = { ANOMALY_SETTLE: "soon" };
    await expect(resolveOptions(new Map(), env, "infer")).rejects.toThrow(/ANOMALY_SETTLE got "soon"/);
    await expect(resolveOptions(new Map(), env, "show")).resolves.toBeDefined();
  });

  test("anomaly.yaml sets it for them only as well", async () => {
    const path = join(folder, "anomaly.yaml");
    writeFileSync(path, "settle: 10min\n");
    const env = { ANOMALY_CONFIG: path };
    expect((await resolveOptions(new Map(), env, "train")).options.settle).toBe(600_000);
    expect((await resolveOptions(new Map(), env, "hydrate")).options.settle).toBeUndefined();
  });

  test.each(COMMAND_NAMES.filter((name) => name !== "config"))(
    "%s reads no variable of another's option",
    async (command) => {
      const others = ALL_OPTIONS.filter(([, spec]) => !spec.commands.includes(command));
      const shared = new Set(
        ALL_OPTIONS.filter(([, spec]) => spec.commands.includes(command)).map(([, spec]) => envName(spec)),
      );
      const names = others.flatMap(([, spec]) => envName(spec) ?? []).filter((name) => !shared.has(name));
      // No parser but that of free texts takes this, and those would show it.
      const env = Object.fromEntries(names.map((name) => [name, "\u0001"]));
      const { origins } = await resolveOptions(new Map(), env, command);
      expect(Object.values(origins).filter((origin) => origin !== "default")).toEqual([]);
    },
  );

  test("config shows what is set, for whichever command", async () => {
    expect((await resolveOptions(new Map(), { ANOMALY_SETTLE: "10min" }, "config")).options.settle).toBe(600_000);
  });
});
