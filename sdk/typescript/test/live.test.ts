import test from "node:test";
import { cases } from "./live.js";

const { SPARK_SERVER: server, SPARK_KEY: key } = process.env;
if (!server || !key) throw new Error("SPARK_SERVER and SPARK_KEY name a platform");
for (const [name, run] of Object.entries(cases)) test(name, { concurrency: true }, () => run({ server, key }));
