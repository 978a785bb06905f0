import { Problem } from "../protocol";

/** What went wrong, for a reader of the page. */
export function problemText(problem: unknown): string {
  if (!(problem instanceof Problem))
    return `Something went wrong: ${problem instanceof Error ? problem.message : problem}`;
  const { status, message, field, retryAfter } = problem;
  const then = retryAfter === undefined ? "" : ` Trying again in ${retryAfter} s.`;
  if (status === 0) return `No answer: ${message}.`;
  if (status === 503 || status === 429) return `The service is busy: ${message}.${then}`;
  if (status === 404 && field !== undefined) return `Not found: ${message}.`;
  return `Refused (${status}${field === undefined ? "" : `, ${field}`}): ${message}.${then}`;
}
