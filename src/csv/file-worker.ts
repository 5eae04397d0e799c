import { serve } from "../threads/serve.js";
import { type FileContent, type FileJob, readContent } from "./file-content.js";

/** A thread that reads files; it notes the bytes that are done, and hands the values over without copying them. */
serve<FileJob, FileContent, number>(readContent, ({ series }) => [
  ...new Set(series.flatMap(({ times, values }) => [times.buffer as ArrayBuffer, values.buffer as ArrayBuffer])),
]);
