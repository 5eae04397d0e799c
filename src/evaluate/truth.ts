import { z } from "zod";
import { InputError } from "../errors/errors.js";
import { INCIDENT_KINDS, type Incident } from "../simulate/incident.js";

const incidents = z.array(
  z
    .object({
      machine: z.string(),
      aggregator: z.string(),
      kind: z.enum(INCIDENT_KINDS),
      startMs: z.number().int(),
      endMs: z.number().int(),
    })
    .refine((incident) => incident.startMs < incident.endMs, "startMs must be before endMs"),
);

/**
 * Reads a `truth.json`.
 *
 * @param name what the text is called in messages, e.g. its path
 * @throws InputError naming the file, the place in it and what was wrong there.
 */
export function parseTruth(text: string, name: string): Incident[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InputError("truth", `${name} is not JSON; give the truth.json that "anomaly simulate" wrote`, { cause });
  }
  const parsed = incidents.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  throw new InputError(
    "truth",
    `${name} is not a list of incidents${place}: ${issue.message}; give the truth.json that "anomaly simulate" wrote`,
  );
}
