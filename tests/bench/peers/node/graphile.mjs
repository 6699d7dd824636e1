import { Logger, makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";
import { drive } from "./drive.mjs";
import { body, now } from "./tally.mjs";

const logger = new Logger(() => () => {});

export async function open(tally, postgres, connections) {
  const pgPool = new pg.Pool({ connectionString: postgres, max: Number(connections) });
  pgPool.on("error", () => {});
  pgPool.on("connect", (client) => client.on("error", () => {}));
  const utils = await makeWorkerUtils({ pgPool, logger });
  let runner;
  return {
    setup: () => utils.migrate(),
    submit: (load) => drive(load, (since) => utils.addJob("noop", body(since))),
    async work(slots) {
      runner = await run({
        pgPool,
        logger,
        concurrency: slots,
        noHandleSignals: true,
        crontab: "",
        taskList: { noop: async (data) => tally.started(data) },
        // What its documentation recommends for throughput: jobs are fetched and completed in batches.
        preset: { worker: { localQueue: { size: 5 * slots }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      });
      runner.events.on("job:complete", () => tally.ended()); // when it is written back
    },
    async load(jobs) {
      const batch = 1000;
      for (; jobs > 0; jobs -= batch) {
        await utils.addJobs(Array.from({ length: Math.min(jobs, batch) }, () => ({ identifier: "noop", payload: body(now()) })));
      }
    },
    // It deletes what is done.
    async counts({ finished }) {
      const { rows } = await pgPool.query("SELECT count(*)::int AS waiting FROM graphile_worker.jobs");
      return { waiting: rows[0].waiting, done: finished };
    },
    async close() {
      await runner?.stop();
      await utils.release();
      await pgPool.end();
    },
  };
}
