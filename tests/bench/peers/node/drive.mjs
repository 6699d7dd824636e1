import { now } from "./tally.mjs";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Submits jobs as a load says, with a function that submits one; see Load and drive in Go. Returns how many were accepted.
export async function drive({ callers, jobs, for: limit, rate }, submit) {
  const started = now();
  let begun = 0;
  let accepted = 0;
  if (rate > 0) {
    let next = started;
    const pending = [];
    while (begun++ < jobs) {
      next += ((0.5 + Math.random()) / rate) * 1000;
      if (limit && next - started > limit) break;
      if (next > now()) await sleep(next - now());
      pending.push(submit(next).then(() => accepted++));
    }
    await Promise.all(pending);
    return accepted;
  }
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (begun++ < jobs) {
        const since = now();
        if (limit && since - started >= limit) return;
        await submit(since);
        accepted++;
      }
    }),
  );
  return accepted;
}
