// What the scripts have in common: where the platform is, the aims, and what is there to be read.
//
//   SPARK_URL=http://localhost:8080 SPARK_API_KEY=$(cat spark-data/api-key) k6 run tests/load/k6/reads.ts
import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import { check, fail } from 'k6';
import type { Options } from 'k6/options';

/** The aims of `make load`: requests a second, and the 95th percentile of their time in milliseconds. A test compares them with its own. */
export const aims = {
  reads: { rate: 500, p95: 25 },
  submissions: { rate: 300, p95: 50 },
};

const url = __ENV.SPARK_URL ?? 'http://localhost:8080';
const duration = __ENV.LOAD_TIME ?? '10s';

/** Options of a load that arrives at a constant rate, whether or not earlier requests have been answered, and fails with its aim. */
export function arriving(aim: { rate: number; p95: number }): Options {
  return {
    scenarios: {
      load: { executor: 'constant-arrival-rate', rate: aim.rate, timeUnit: '1s', duration, preAllocatedVUs: 200, maxVUs: 2000 },
    },
    thresholds: {
      [`http_req_duration{scenario:load}`]: [`p(95)<${aim.p95}`],
      'http_req_failed{scenario:load}': ['rate==0'],
      'checks{scenario:load}': ['rate==1'],
      dropped_iterations: ['count==0'],
    },
  };
}

function headers(more: Record<string, string> = {}): { headers: Record<string, string> } {
  const key = __ENV.SPARK_API_KEY;
  if (!key) {
    fail('SPARK_API_KEY is not set');
  }
  return { headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...more } };
}

/** Reads a path; `name` is what k6 groups the requests by. */
export function get(path: string, name: string): void {
  const answer = http.get(url + path, { ...headers(), tags: { name } });
  check(answer, { 'is there': (r) => r.status === 200 });
}

/** Submits a job that costs no work worth mentioning. Each has an idempotency key of its own. */
export function submit(project: string, key: string): RefinedResponse<ResponseType | undefined> {
  const body = JSON.stringify({ kind: 'analytics', project_id: project, metadata: { of: 'load' } });
  const answer = http.post(`${url}/v1/jobs`, body, headers({ 'Idempotency-Key': key }));
  check(answer, { 'is accepted': (r) => r.status === 202 });
  return answer;
}

/** What a script finds. */
export interface Seed {
  project: string;
  jobs: string[];
  files: string[];
}

/** Makes a project with files, and jobs that are due in a day. It may be slower than what is measured. */
export function seed(files: number, jobs: number): Seed {
  const made: Seed = { project: '', jobs: [], files: [] };
  made.project = identified(http.post(`${url}/v1/projects`, JSON.stringify({ name: 'load', engine: 'phaser' }), headers()), 201);
  for (let n = 0; n < files; n++) {
    const name = `src/part${n}.js`;
    const text = `export const part${n} = () => ${n};\n`.repeat(100);
    const answer = http.put(`${url}/v1/projects/${made.project}/files/${name}`, text, headers({ 'Content-Type': 'application/octet-stream' }));
    if (answer.status !== 200) {
      fail(`a file was not written: ${answer.status}`);
    }
    made.files.push(name);
  }
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  for (let n = 0; n < jobs; n++) {
    const body = JSON.stringify({ kind: 'build', project_id: made.project, run_at: tomorrow });
    made.jobs.push(identified(http.post(`${url}/v1/jobs`, body, headers()), 202));
  }
  return made;
}

function identified(answer: RefinedResponse<ResponseType | undefined>, status: number): string {
  const id = answer.status === status ? answer.json('id') : undefined;
  return typeof id === 'string' ? id : fail(`answered ${answer.status}: ${String(answer.body)}`);
}
