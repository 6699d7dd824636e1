// Submissions, each with an idempotency key of its own.
import exec from 'k6/execution';
import { aims, arriving, seed, submit, type Seed } from './platform.ts';

export const options = arriving(aims.submissions);

export function setup(): Seed & { run: string } {
  return { ...seed(1, 1), run: String(Date.now()) };
}

export default function (made: Seed & { run: string }): void {
  submit(made.project, `${made.run}-${exec.scenario.iterationInTest}`);
}
