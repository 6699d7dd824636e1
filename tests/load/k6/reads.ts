// Reads: a job, lists of jobs, a project, its files, a file, revisions, usage and the account.
import exec from 'k6/execution';
import { aims, arriving, get, seed, type Seed } from './platform.ts';

export const options = arriving(aims.reads);

export function setup(): Seed {
  return seed(40, 400);
}

export default function (made: Seed): void {
  const n = exec.scenario.iterationInTest;
  const job = made.jobs[n % made.jobs.length];
  const file = made.files[n % made.files.length];
  const project = `/v1/projects/${made.project}`;
  switch (n % 10) {
    case 0:
    case 1:
    case 2:
      return get(`/v1/jobs/${job}`, '/v1/jobs/{id}');
    case 3:
      return get('/v1/jobs?limit=20', '/v1/jobs');
    case 4:
      return get(`/v1/jobs?limit=20&state=queued&project_id=${made.project}`, '/v1/jobs of a project');
    case 5:
      return get(project, '/v1/projects/{id}');
    case 6:
      return get(`${project}/files`, '/v1/projects/{id}/files');
    case 7:
      return get(`${project}/files/${file}`, '/v1/projects/{id}/files/{path}');
    case 8:
      return get(`${project}/revisions?limit=20`, '/v1/projects/{id}/revisions');
    default:
      return n % 20 === 9 ? get('/v1/usage', '/v1/usage') : get('/v1/account', '/v1/account');
  }
}
