#!/usr/bin/env node
// Does what the build scripts of web games do: it starts workers and other nodes, copies folders, and writes a page.
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";

const { values: { mode, out, title } } = parseArgs({ options: { mode: { type: "string" }, out: { type: "string" }, title: { type: "string" } } });

const staged = mkdtempSync(join(tmpdir(), "stage-"));
cpSync("assets", staged, { recursive: true, preserveTimestamps: true });
utimesSync(join(staged, "star.svg"), 0, 0);

if (cpus().length === 0) {
  throw new Error("the machine has no processors");
}
const packed = await Promise.all(cpus().map(async () => {
  const worker = new Worker(new URL("./pack.js", import.meta.url), { workerData: { file: "src/main.js", mode } });
  const [code] = await once(worker, "message");
  return code;
}));

const counter = fork(new URL("./count.js", import.meta.url));
counter.send(packed[0]);
const [size] = await once(counter, "message");
await once(counter, "exit");

const hash = createHash("sha256").update(packed[0]).digest("hex").slice(0, 8);
for (const name of readdirSync(staged)) {
  renameSync(join(staged, name), join(out, name));
}
rmSync(staged, { recursive: true });
writeFileSync(join(out, `game-${hash}.js`), packed[0]);
writeFileSync(join(out, "index.html"), `<!doctype html><title>${title.replace(/[<&]/g, "")}</title>
<img src="star.svg" alt="${size} bytes"><script type="module" src="game-${hash}.js"></script>
`);
console.log(`built ${readFileSync(join(out, "index.html")).length} bytes of page`);
