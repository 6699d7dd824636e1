// Asks another node whether the game's code is JavaScript, and says where it is not.
import { spawnSync } from "node:child_process";

const checked = spawnSync(process.execPath, ["--check", "src/main.js"], { encoding: "utf8" });
if (checked.status !== 0) {
  const line = /src\/main\.js:(\d+)/.exec(checked.stderr)?.[1] ?? 1;
  const caret = /^( *)\^/m.exec(checked.stderr)?.[1].length ?? 0;
  console.error(`src/main.js:${line}:${caret + 1}: ${/^SyntaxError: .*$/m.exec(checked.stderr)?.[0] ?? checked.stderr}`);
  process.exit(1);
}
