import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ModelError, messageOf } from "../errors/errors.js";
import { writeFileAtomic } from "../files/atomic.js";
import { fileStamp } from "../files/file-stamp.js";
import { decodeModel, encodeModel, modelChecksum } from "./file.js";
import type { Manifest, ManifestDraft } from "./manifest.js";
import type { Model } from "./model.js";

export const MODEL_FILE = "model.bin";
export const MANIFEST_FILE = "manifest.json";
/** A model of a million series has about 300 MB. */
const MOST_BYTES = 2 ** 30;

/**
 * Writes `<modelsFolder>/<name>/`. The model file is complete in itself and is the one that counts; its rename is the
 * moment the new model is there. The manifest follows, and names the checksum of the file it belongs to.
 *
 * @returns the manifest as written.
 * @throws OutputError if it cannot be written; the model that was there stays whole.
 */
export function saveModel(modelsFolder: string, name: string, model: Model, draft: ManifestDraft): Manifest {
  const bytes = encodeModel(model);
  const manifest = manifestOf(bytes, draft);
  writeModel(join(modelsFolder, name), bytes, manifest);
  return manifest;
}

/** The manifest of a model whose file has these bytes. */
export function manifestOf(bytes: Uint8Array, draft: ManifestDraft): Manifest {
  return { ...draft, model_sha256: modelChecksum(bytes), model_bytes: bytes.length };
}

/** Writes both files of a model into its folder, the one that counts first. */
export function writeModel(folder: string, bytes: Uint8Array, manifest: Manifest): void {
  writeFileAtomic(join(folder, MODEL_FILE), bytes);
  writeFileAtomic(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
}

export interface LoadedModel {
  readonly model: Model;
  readonly name: string;
  /** sha256 (hex) of the file. */
  readonly checksum: string;
  readonly path: string;
}

/** Hex digits of a version: enough to distinguish all models that were ever trained, and short enough for a record. */
const VERSION_DIGITS = 16;

/** The version of a model that records name: models of one version are the same file, byte for byte. */
export function modelVersion({ checksum }: Pick<LoadedModel, "checksum">): string {
  return checksum.slice(0, VERSION_DIGITS);
}

/**
 * Loads a model by its name in the models folder, or by the path of its folder or file.
 *
 * @throws ModelError if there is none (naming those there are) or it is damaged.
 */
export function loadModel(nameOrPath: string, modelsFolder: string): LoadedModel {
  return loadFile(findModel(nameOrPath, modelsFolder));
}

/** A `loadModel` for a process that lives on: a file that has not been written since is not read again. */
export function keptModels(): typeof loadModel {
  const kept = new Map<string, { readonly stamp: string; readonly loaded: LoadedModel }>();
  return (nameOrPath, modelsFolder) => {
    const path = findModel(nameOrPath, modelsFolder);
    const stamp = fileStamp(path);
    const known = kept.get(path);
    if (known !== undefined && known.stamp === stamp) return known.loaded;
    kept.delete(path);
    const loaded = loadFile(path);
    if (stamp !== undefined) kept.set(path, { stamp, loaded });
    return loaded;
  };
}

function loadFile(path: string): LoadedModel {
  let bytes: Uint8Array;
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) {
      throw new ModelError(
        "large",
        `${path} is not a model file: it has ${size} bytes, models have up to ${MOST_BYTES}`,
      );
    }
    bytes = readFileSync(path);
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    throw new ModelError("unreadable", `cannot read the model ${path}: ${messageOf(cause)}`, { cause });
  }
  const folderName = basename(dirname(path));
  return {
    model: decodeModel(bytes, path),
    name: basename(path) === MODEL_FILE ? folderName : basename(path),
    checksum: modelChecksum(bytes),
    path,
  };
}

/** Names of the models in a folder, sorted; none if the folder is not there. */
export function listModels(modelsFolder: string): string[] {
  if (!existsSync(modelsFolder)) return [];
  return readdirSync(modelsFolder)
    .filter((name) => existsSync(join(modelsFolder, name, MODEL_FILE)))
    .sort();
}

/**
 * @param modelFolder the folder that holds the model and its manifest.
 * @throws ModelError if there is no manifest or it is no JSON.
 */
export function readManifest(modelFolder: string): Manifest {
  const path = join(modelFolder, MANIFEST_FILE);
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Manifest;
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "it does not exist" : messageOf(cause);
    throw new ModelError("manifest", `cannot read the manifest ${path}: ${why}; restore it or train again`, { cause });
  }
}

function findModel(nameOrPath: string, modelsFolder: string): string {
  const candidates = [join(modelsFolder, nameOrPath, MODEL_FILE), join(nameOrPath, MODEL_FILE), nameOrPath];
  const found = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  if (found !== undefined) return found;
  const known = listModels(modelsFolder);
  const hint = known.length > 0 ? `there are: ${known.join(", ")}` : "train one with: anomaly train <files…>";
  throw new ModelError(
    "missing",
    `there is no model "${nameOrPath}" in ${modelsFolder}/ and no file of that name; ${hint}`,
  );
}
