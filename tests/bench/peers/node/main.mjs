// One process of a peer from npm, driven over stdin and stdout: a line of JSON is a call, and each is answered by a line with its result.
// Node runs one thread, so the harness starts one process for submitting and another for working.
import { createInterface } from "node:readline";
import { Tally } from "./tally.mjs";

const [, , name, ...urls] = process.argv;
const { open } = await import(`./${name}.mjs`);
const tally = new Tally();
const peer = await open(tally, ...urls);

const calls = {
  setup: () => peer.setup?.(),
  submit: (load) => peer.submit(load),
  load: ({ jobs }) => peer.load(jobs),
  work: ({ slots }) => peer.work(slots),
  finished: ({ jobs, within }) => tally.reached(jobs, within),
  waits: () => tally.waits,
  counts: () => peer.counts(tally),
  close: () => peer.close(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { call, args } = JSON.parse(line);
  let answer;
  try {
    answer = { result: (await calls[call](args)) ?? null };
  } catch (err) {
    answer = { error: String(err?.stack ?? err) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
  if (call === "close") process.exit(0);
}
process.exit(1); // the harness is gone
