import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

const code = readFileSync(workerData.file, "utf8");
parentPort.postMessage(workerData.mode === "release" ? code.replace(/^\s*\/\/.*\n/gm, "") : code);
