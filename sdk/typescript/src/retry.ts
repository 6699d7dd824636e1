import { ConnectionError, SparkError } from "./errors.js";

/** How often and how fast requests are repeated that failed in passing. */
export interface Retry {
  /** How often a request is sent at most; 1 never repeats one. */
  tries: number;
  /** The longest pause before the first repetition, in milliseconds. It doubles with each. */
  firstPause: number;
  /** The longest pause that there is, in milliseconds. A `Retry-After` that is longer ends the repetitions. */
  longestPause: number;
  /** How long a stream of events tries to come back, in milliseconds. */
  streamPatience: number;
}

export const defaultRetry: Retry = { tries: 5, firstPause: 250, longestPause: 30_000, streamPatience: 120_000 };

/**
 * The pause before a repetition: random below a bound that doubles, so that clients that failed together do not come back together, and not
 * before the platform said.
 */
export function pause(failures: number, retry: Retry, error?: unknown): number {
  const bound = Math.min(retry.longestPause, retry.firstPause * 2 ** (failures - 1));
  const asked = error instanceof SparkError ? (error.retryAfter ?? 0) : 0;
  return asked + Math.random() * bound;
}

/**
 * Whether a request that failed may succeed when it is repeated. One that is not `repeatable`, since its effect would be a second one, is
 * repeated only when the platform says that it did nothing.
 */
export function passing(error: unknown, repeatable: boolean, retry: Retry): boolean {
  if (error instanceof ConnectionError) return repeatable;
  if (!(error instanceof SparkError) || (error.retryAfter ?? 0) > retry.longestPause) return false;
  if (error.status === 429 || error.code === "idempotency_in_flight") return true;
  return repeatable && (error.status === 408 || [500, 502, 503, 504].includes(error.status));
}

/** Waits, or throws the signal's reason. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
}
