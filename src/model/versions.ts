import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { ModelError, messageOf } from "../errors/errors.js";
import { removeAbandoned } from "../files/abandoned.js";
import { HOUR_MS } from "../time/duration.js";
import { decodeModel, encodeModel, modelChecksum } from "./file.js";
import { listModels, MANIFEST_FILE, MODEL_FILE, manifestOf, modelVersion, readManifest, writeModel } from "./folder.js";
import type { Manifest, ManifestDraft } from "./manifest.js";
import type { Model } from "./model.js";

/**
 * Versions of a model that are not in use, each in a folder like that of a model:
 *
 *     models/cpu/model.bin, manifest.json                the champion: the version in use
 *     models/cpu/versions/<version>/model.bin, …         challengers, which are newer, and those that were in use before
 */
export const VERSIONS_FOLDER = "versions";

/** Champion: in use. Challenger: trained since then, and never in use without a command. Former: older than the champion. */
export type Role = "champion" | "challenger" | "former";

export interface ModelVersion {
  readonly version: string;
  readonly role: Role;
  /** The folder of its two files. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Versions of each role that are kept beside the champion. */
const KEPT = 3;
/** Nobody takes so long between the two files of a version: one without a manifest was left by a process that was killed. */
const UNFINISHED_MS = HOUR_MS;

/** All versions of a model, the champion first and then the newest; none where there is no such model. Damaged manifests are left out. */
export function modelVersions(modelsFolder: string, name: string): readonly ModelVersion[] {
  const folder = join(modelsFolder, name);
  if (!existsSync(join(folder, MODEL_FILE))) return [];
  const checksum = fileChecksum(join(folder, MODEL_FILE));
  const version = modelVersion({ checksum });
  const kept = keptVersions(folder);
  // A process that was killed between the two files of a promotion has left the manifest of the version before; and a training that
  // gave the same model once more has left a newer one.
  const own = manifestIn(folder);
  const manifest = [...(own === undefined ? [] : [own]), ...kept.map((one) => one.manifest)]
    .filter(({ model_sha256 }) => model_sha256 === checksum)
    .reduce<Manifest | undefined>((a, b) => (a === undefined || b.trained_at > a.trained_at ? b : a), undefined);
  const others = kept
    .filter((one) => one.version !== version)
    .map((one): ModelVersion => {
      const isNewer = manifest !== undefined && one.manifest.trained_at >= manifest.trained_at;
      return { ...one, role: isNewer ? "challenger" : "former" };
    })
    .sort((a, b) => (a.manifest.trained_at < b.manifest.trained_at ? 1 : -1));
  return manifest === undefined ? others : [{ version, role: "champion", folder, manifest }, ...others];
}

/**
 * Writes a model as a version beside the one in use, which stays as it is, and removes the oldest ones beyond three.
 *
 * @returns its version, and its manifest as written. @throws OutputError if it cannot be written.
 */
export function saveChallenger(
  modelsFolder: string,
  name: string,
  model: Model,
  draft: ManifestDraft,
  nowMs: number,
): { readonly version: string; readonly manifest: Manifest } {
  const bytes = encodeModel(model);
  const manifest = manifestOf(bytes, draft);
  const version = modelVersion({ checksum: manifest.model_sha256 });
  writeModel(versionFolder(modelsFolder, name, version), bytes, manifest);
  removeOldest(modelsFolder, name, version, nowMs);
  return { version, manifest };
}

export interface Promotion {
  /** The version that was in use before; it is kept, so that it can be promoted again. */
  readonly before: string;
  readonly after: string;
}

/**
 * Puts a version in use and keeps the one that was. Whatever happens in between, the model file is whole: the old one or the new one.
 *
 * @throws ModelError if there is no such version, or it is damaged; OutputError if it cannot be written.
 */
export function promoteVersion(modelsFolder: string, name: string, version: string, nowMs: number): Promotion {
  const versions = modelVersions(modelsFolder, name);
  const champion = versions.find(({ role }) => role === "champion");
  if (champion === undefined) throw noChampion(modelsFolder, name);
  const chosen = findVersion(versions, version, name);
  const bytes = wholeModel(chosen);
  const folder = join(modelsFolder, name);
  if (chosen.role === "champion") {
    // Also what is left to do of a promotion that was killed.
    writeModel(folder, bytes, chosen.manifest);
    rmSync(versionFolder(modelsFolder, name, chosen.version), { recursive: true, force: true });
    return { before: chosen.version, after: chosen.version };
  }
  const old = readFileSync(join(folder, MODEL_FILE));
  writeModel(versionFolder(modelsFolder, name, champion.version), old, champion.manifest);
  writeModel(folder, bytes, chosen.manifest);
  rmSync(chosen.folder, { recursive: true, force: true });
  removeOldest(modelsFolder, name, champion.version, nowMs);
  return { before: champion.version, after: chosen.version };
}

/** @param version its name, or the first digits of it. @throws ModelError naming those that there are. */
export function findVersion(versions: readonly ModelVersion[], version: string, name: string): ModelVersion {
  const found = version === "" ? [] : versions.filter((one) => one.version.startsWith(version));
  if (found.length === 1) return found[0];
  const there = versions.map((one) => `${one.version} (${one.role})`).join(", ");
  const problem = found.length > 1 ? `several versions that begin with "${version}"` : `no version "${version}"`;
  throw new ModelError("version", `the model ${name} has ${problem}; there are ${there}`);
}

/** Why a model has no version in use: there is none of that name, or its manifest is another file's. */
export function noChampion(modelsFolder: string, name: string): ModelError {
  const folder = join(modelsFolder, name);
  if (existsSync(join(folder, MODEL_FILE))) {
    const path = join(folder, MANIFEST_FILE);
    return new ModelError("manifest", `${path} is missing or of another model; restore it or train again`);
  }
  const known = listModels(modelsFolder);
  const hint = known.length > 0 ? `there are: ${known.join(", ")}` : "train one with: anomaly train";
  return new ModelError("missing", `there is no model "${name}" in ${modelsFolder}/; ${hint}`);
}

function wholeModel({ folder, manifest }: ModelVersion): Uint8Array {
  const path = join(folder, MODEL_FILE);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new ModelError("unreadable", `cannot read the model ${path}: ${messageOf(cause)}`, { cause });
  }
  decodeModel(bytes, path);
  if (modelChecksum(bytes) === manifest.model_sha256) return bytes;
  throw new ModelError("manifest", `${path} is not the model of the manifest beside it; train again`);
}

function keptVersions(folder: string): readonly Omit<ModelVersion, "role">[] {
  const root = join(folder, VERSIONS_FOLDER);
  return namesIn(root).flatMap((version) => {
    const own = join(root, version);
    const manifest = existsSync(join(own, MODEL_FILE)) ? manifestIn(own) : undefined;
    return manifest === undefined ? [] : [{ version, folder: own, manifest }];
  });
}

function removeOldest(modelsFolder: string, name: string, kept: string, nowMs: number): void {
  const versions = modelVersions(modelsFolder, name);
  for (const role of ["challenger", "former"] as const) {
    const others = versions.filter((one) => one.role === role && one.version !== kept);
    const isOfRole = versions.some((one) => one.role === role && one.version === kept);
    for (const { folder } of others.slice(isOfRole ? KEPT - 1 : KEPT)) rmSync(folder, { recursive: true, force: true });
  }
  const root = join(modelsFolder, name, VERSIONS_FOLDER);
  for (const version of namesIn(root)) {
    const folder = join(root, version);
    for (const file of [MODEL_FILE, MANIFEST_FILE]) removeAbandoned(join(folder, file));
    const isUnfinished = !existsSync(join(folder, MANIFEST_FILE));
    const changedMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? nowMs;
    if (isUnfinished && nowMs - changedMs > UNFINISHED_MS) rmSync(folder, { recursive: true, force: true });
  }
}

function versionFolder(modelsFolder: string, name: string, version: string): string {
  return join(modelsFolder, name, VERSIONS_FOLDER, version);
}

function manifestIn(folder: string): Manifest | undefined {
  try {
    return readManifest(folder);
  } catch {
    return undefined;
  }
}

/** Names of versions are hexadecimal, so that whatever else is in the folder is left alone. */
function namesIn(root: string): readonly string[] {
  try {
    return readdirSync(root).filter((name) => /^[0-9a-f]{16}$/.test(name));
  } catch {
    return [];
  }
}

const CHECKSUM_BYTES = 32;

/** The checksum that stands at the end of a model file, without reading all of it. */
function fileChecksum(path: string): string {
  const fd = openSync(path, "r");
  try {
    const end = Buffer.alloc(CHECKSUM_BYTES);
    readSync(fd, end, 0, CHECKSUM_BYTES, Math.max(0, fstatSync(fd).size - CHECKSUM_BYTES));
    return modelChecksum(end);
  } finally {
    closeSync(fd);
  }
}
