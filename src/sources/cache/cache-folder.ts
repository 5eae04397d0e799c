import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { InputError, messageOf } from "../../errors/errors.js";
import { writeFileAtomic } from "../../files/atomic.js";
import type { TimeRange } from "../../series/series.js";
import { decodePiece, encodePiece, type OpenPiece, type Piece } from "./piece-file.js";
import { targetKey } from "./uncovered.js";

/** What distinguishes one question from another; holds no secret. */
export interface CacheQuestion {
  /** `Graphite at graphite.example.com/`. */
  readonly source: string;
  /** The template or queries that are asked, for people. */
  readonly asked: string;
  /** All that changes what comes back: step, labels, the data source's uid. */
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
}

/** One question's folder: its pieces, and the question itself. */
export interface CacheEntry {
  readonly id: string;
  readonly question: CacheQuestion;
  readonly pieces: number;
  readonly bytes: number;
  /** When the newest piece was written, epoch ms; NaN without one. */
  readonly writtenMs: number;
}

const QUESTION_FILE = "question.json";
const PIECE = /^(\d+)-(\d+)\.[0-9a-f]{8}\.piece$/;

/** The id of a question: the beginning of its hash. */
export function cacheId({ source, asked, settings }: CacheQuestion): string {
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([source, asked, sorted]))
    .digest("hex")
    .slice(0, 12);
}

/** All questions that the cache knows, the newest last. */
export function listCache(folder: string): CacheEntry[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, QUESTION_FILE)))
    .map(({ name: id }): CacheEntry => {
      const files = pieceFiles(join(folder, id)).map((name) => statSync(join(folder, id, name)));
      return {
        id,
        question: readQuestion(join(folder, id, QUESTION_FILE)),
        pieces: files.length,
        bytes: files.reduce((sum, { size }) => sum + size, 0),
        writtenMs: files.reduce((latest, { mtimeMs }) => Math.max(latest, mtimeMs), Number.NaN),
      };
    })
    .sort((a, b) => (a.writtenMs || 0) - (b.writtenMs || 0));
}

function readQuestion(path: string): CacheQuestion {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new InputError("cache", `${path} cannot be read (${messageOf(cause)}); anomaly cache clear removes it`, {
      cause,
    });
  }
}

/** The pieces of one question in their folder. */
export interface CacheFolder {
  /** All that touch the range; a damaged one is removed and reported by `onDamage`. */
  readonly read: (range: TimeRange, onDamage: (reason: string) => void) => OpenPiece[];
  readonly write: (piece: Piece) => void;
}

export function openCache(folder: string, question: CacheQuestion): CacheFolder {
  const home = join(folder, cacheId(question));
  return {
    read: (range, onDamage) =>
      pieceFiles(home).flatMap((name) => {
        const [, startMs, endMs] = (PIECE.exec(name) ?? []).map(Number);
        if (endMs <= range.startMs || startMs >= range.endMs) return [];
        const path = join(home, name);
        try {
          return [decodePiece(readFileSync(path), path)];
        } catch (error) {
          onDamage(messageOf(error));
          rmSync(path, { force: true });
          return [];
        }
      }),
    write: (piece) => {
      if (!existsSync(join(home, QUESTION_FILE))) {
        writeFileAtomic(join(home, QUESTION_FILE), `${JSON.stringify(question)}\n`);
      }
      const targets = createHash("sha256").update(piece.targets.map(targetKey).join("\n\n")).digest("hex");
      const name = `${piece.range.startMs}-${piece.range.endMs}.${targets.slice(0, 8)}.piece`;
      writeFileAtomic(join(home, name), encodePiece(piece));
    },
  };
}

const pieceFiles = (home: string) =>
  existsSync(home)
    ? readdirSync(home)
        .filter((name) => PIECE.test(name))
        .sort()
    : [];

/** Removes one question's pieces, or all; gives what was removed. */
export function clearCache(folder: string, id?: string): CacheEntry[] {
  const entries = listCache(folder).filter((entry) => id === undefined || entry.id === id);
  for (const entry of entries) rmSync(join(folder, entry.id), { recursive: true, force: true });
  return entries;
}
