import { Queue, Worker } from "bullmq";
import { drive } from "./drive.mjs";
import { body, now } from "./tally.mjs";

export async function open(tally, redis) {
  const { hostname, port, pathname } = new URL(redis);
  const connection = { host: hostname, port: Number(port), db: Number(pathname.slice(1)), maxRetriesPerRequest: null };
  const queue = new Queue("bench", { connection });
  await queue.waitUntilReady();
  let worker;
  return {
    submit: (load) => drive(load, (since) => queue.add("noop", body(since))),
    async work(slots) {
      worker = new Worker("bench", async (job) => tally.started(job.data), { connection, concurrency: slots });
      worker.on("completed", () => tally.ended()); // when the result is stored
      await worker.waitUntilReady();
    },
    async load(jobs) {
      const batch = 1000;
      for (; jobs > 0; jobs -= batch) {
        await queue.addBulk(Array.from({ length: Math.min(jobs, batch) }, () => ({ name: "noop", data: body(now()) })));
      }
    },
    async counts() {
      const { completed, waiting, active, prioritized, delayed, failed } = await queue.getJobCounts();
      return { waiting: waiting + active + (prioritized ?? 0) + delayed + failed, done: completed };
    },
    async close() {
      await worker?.close();
      await queue.close();
    },
  };
}
