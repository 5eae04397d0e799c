import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OutputError } from "../errors/errors.js";
import { writeFileAtomic } from "./atomic.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "atomic-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("writeFileAtomic", () => {
  test("makes the folder, writes the whole content, and leaves nothing beside it", () => {
    writeFileAtomic(join(folder, "a/b.txt"), [Buffer.from("one "), Buffer.from("two")]);
    expect(readFileSync(join(folder, "a/b.txt"), "utf8")).toBe("one two");
    expect(readdirSync(join(folder, "a"))).toEqual(["b.txt"]);
  });

  test("writes through no symbolic link, be its target there or not, and says where it leads", () => {
    const [victim, link, dangling] = ["victim", "link", "dangling"].map((name) => join(folder, name));
    writeFileSync(victim, "precious");
    symlinkSync(victim, link);
    symlinkSync(join(folder, "nowhere"), dangling);
    for (const path of [link, dangling]) {
      expect(() => writeFileAtomic(path, "planted")).toThrow(OutputError);
      expect(() => writeFileAtomic(path, "planted")).toThrow(
        `cannot write ${path}: it is a symbolic link to ${folder}`,
      );
      expect(lstatSync(path).isSymbolicLink()).toBe(true);
    }
    expect(readFileSync(victim, "utf8")).toBe("precious");
    expect(readdirSync(folder).sort()).toEqual(["dangling", "link", "victim"]);
  });
});
