import type { components } from "./generated/schema.js";

/** What the platform answers when it refuses a request (RFC 9457). */
export type Problem = components["schemas"]["Problem"];

/** The platform refused a request, or failed. `code` is stable; what each means is on the platform's page `/docs`. */
export class SparkError extends Error {
  override readonly name = "SparkError";
  readonly status: number;
  readonly code: string;
  /** The request's id, for the platform's operators. */
  readonly requestId: string | undefined;
  /** JSON pointer to the first field that is wrong, or else the name of the parameter. */
  readonly pointer: string | undefined;
  /** All fields and parameters that are wrong. */
  readonly errors: NonNullable<Problem["errors"]>;
  /** What an earlier request with the same idempotency key made. */
  readonly resourceId: string | undefined;
  /** After how many milliseconds to try again, if the platform says. */
  readonly retryAfter: number | undefined;

  constructor(status: number, problem: Partial<Problem>, requestId?: string, retryAfter?: number) {
    super(problem.detail ?? problem.title ?? `the answer has the status ${status}`);
    this.status = status;
    this.code = problem.code ?? (status === 304 ? "not_modified" : "unexpected_answer");
    this.requestId = problem.request_id ?? requestId;
    this.errors = problem.errors ?? [];
    this.pointer = this.errors[0]?.pointer ?? this.errors[0]?.parameter;
    this.resourceId = problem.resource_id;
    this.retryAfter = retryAfter;
  }

  /** Reads the error of an answer. What is no problem, as from a proxy between, has the code `unexpected_answer`, and `not_modified` if it is a 304. */
  static async from(response: Response): Promise<SparkError> {
    let problem: Partial<Problem> = {};
    try {
      const answer: unknown = JSON.parse(await response.text());
      if (typeof answer === "object" && answer !== null && "code" in answer) problem = answer as Problem;
    } catch {
      // no JSON, or cut off: the status says what there is to say
    }
    return new SparkError(response.status, problem, response.headers.get("X-Request-Id") ?? undefined, retryAfter(response.headers));
  }
}

/** The platform could not be reached, or the connection broke. `cause` is the failure. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}

// retryAfter is the header in milliseconds: it has a number of seconds, or a time (RFC 9110, section 10.2.3).
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("Retry-After")?.trim();
  if (!value) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
