// Runs the cases in a browser. The page's address has the key, and its title tells what came of them.
import { cases } from "./live.js";

const key = new URLSearchParams(location.search).get("key") ?? "";
const failed: string[] = [];
for (const [name, run] of Object.entries(cases)) {
  await run({ server: "", key }).catch((error: unknown) => failed.push(`${name}: ${error instanceof Error ? error.stack : String(error)}`));
}
document.title = JSON.stringify({ ran: Object.keys(cases).length, failed });
