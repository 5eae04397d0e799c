/**
 * How many false alarms a series and week come where the residual detector's threshold is moved to this many times its default:
 * geometric means over the development sets of web-service and operations metrics (91 series, 5.2 million slots), which
 * differ by less than a factor of two from 0.5 to 4 a week. `npm run bench:quality` measures what a budget gives.
 */
const FALSE_ALARMS_AT: readonly (readonly [times: number, perWeek: number])[] = [
  [0.5, 7],
  [0.6, 3],
  [0.7, 1.65],
  [0.8, 1.1],
  [0.9, 0.75],
  [1, 0.54],
  [1.25, 0.27],
  [1.5, 0.19],
  [2, 0.12],
];

/**
 * Where the threshold lies for a budget, in times the default: straight lines between the measured points, in logarithms. A
 * budget beyond the first or last point gets that point: more or fewer was not measured.
 *
 * @param perWeek false alarms a series and week, > 0.
 * @example thresholdForBudget(3) // 0.6
 */
export function thresholdForBudget(perWeek: number): number {
  const next = FALSE_ALARMS_AT.findIndex(([, alarms]) => alarms <= perWeek);
  if (next === 0) return FALSE_ALARMS_AT[0][0];
  if (next < 0) return FALSE_ALARMS_AT[FALSE_ALARMS_AT.length - 1][0];
  const [lowTimes, most] = FALSE_ALARMS_AT[next - 1];
  const [highTimes, fewest] = FALSE_ALARMS_AT[next];
  const share = Math.log(perWeek / most) / Math.log(fewest / most);
  return lowTimes * (highTimes / lowTimes) ** share;
}
