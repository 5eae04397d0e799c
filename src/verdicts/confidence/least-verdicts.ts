/** With fewer verdicts nothing is estimated. */
export const LEAST_VERDICTS = 30;
