// Four reads and a submission in turns.
import exec from 'k6/execution';
import { aims, arriving, get, seed, submit, type Seed } from './platform.ts';

export const options = arriving({ rate: aims.reads.rate, p95: aims.submissions.p95 });

export function setup(): Seed & { run: string } {
  return { ...seed(1, 100), run: String(Date.now()) };
}

export default function (made: Seed & { run: string }): void {
  const n = exec.scenario.iterationInTest;
  if (n % 5 === 0) {
    submit(made.project, `${made.run}-${n}`);
    return;
  }
  get(`/v1/jobs/${made.jobs[n % made.jobs.length]}`, '/v1/jobs/{id}');
}
