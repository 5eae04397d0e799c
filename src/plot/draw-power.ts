import type { Choice } from "../model/choice.js";
import { render } from "./draw-job.js";
import { powerSpec } from "./power-spec.js";
import type { ThemeName } from "./theme.js";

/** The power of a model's detectors over incidents as a PNG. @param scale pixels for each unit of the picture. */
export async function drawPower(choice: Choice, theme: ThemeName, scale: number): Promise<Uint8Array> {
  return (await render(powerSpec(choice, theme), "png", scale)) as Uint8Array;
}
