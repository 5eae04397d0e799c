import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { labelledFile } from "./testing/labelled-file.js";

const FILE = new URL("../../data/labelled/visit_length_hour.csv", import.meta.url);

test("data/labelled/visit_length_hour.csv is what the simulation makes, byte for byte", () => {
  const made = labelledFile();
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(new URL("./", FILE), { recursive: true });
    writeFileSync(FILE, made);
  }
  expect(readFileSync(FILE, "utf8")).toBe(made);
  const labels = made.split("\n").map((row) => row.split(",")[2]);
  expect(labels.filter((label) => label === "1").length).toBeGreaterThan(50);
});
