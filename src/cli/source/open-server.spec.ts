import { expect, test } from "vitest";
import { resolveOptions } from "../config/resolve.js";
import { openServer } from "./open-server.js";

test("a server is named by host and path", async () => {
  const { options } = await resolveOptions(new Map(), { GRAPHITE_URL: "https://g.example.com/sub" }, "infer");
  const streams = { env: {}, nowMs: () => 0 };
  const opened = await openServer({ options, streams, signal: new AbortController().signal }, "graphite");
  await opened.close();
  expect(opened.name).toBe("Graphite at g.example.com/sub");
});
