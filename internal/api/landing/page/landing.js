// The page's whole program. It knows no key: its cookie is the browser's to keep, and goes to /landing/ alone.

const $ = (id) => document.getElementById(id);
const show = (id, on) => { $(id).hidden = !on; };

async function ask(method, path, body) {
  const res = await fetch("/landing/" + path, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  const answer = res.status === 204 ? {} : await res.json();
  if (!res.ok) throw Object.assign(new Error(answer.detail), { status: res.status });
  return answer;
}

function tell(id, text) {
  $(id).textContent = text;
  show(id, text !== "");
}

// A link that was opened carries its secret behind the #, and loses it at once: it works no second time.
async function signIn() {
  const secret = new URLSearchParams(location.hash.slice(1)).get("sign-in");
  if (!secret) return;
  history.replaceState(null, "", "/");
  try {
    await ask("POST", "session", { link: secret });
  } catch (err) {
    tell("sign-in-problem", sentence(err.message));
  }
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + ".";

async function start() {
  curl("spark-data/api-key");
  await signIn();
  const status = await ask("GET", "status").catch((err) => (tell("sign-in-problem", sentence(err.message)), {}));
  for (const id of ["maker", "running", "sign-out"]) show(id, status.signed_in);
  show("signed-out", !status.signed_in);
  if (!status.signed_in) {
    for (const id of ["how", "how-again"]) show(id, status.may_sign_in);
    show("by-key", status.may_sign_in === false);
    return;
  }
  tell("sign-in-problem", "");
  $("version").textContent = status.version;
  $("isolation").textContent = { docker: "in locked-down containers", confined: "in confined processes, or better", open: "in unconfined processes, or better" }[status.isolation]
    || status.isolation || "no worker builds";
  engines(status.engines);
  curl(status.key_file);
}

function engines(list) {
  $("engines").replaceChildren(...list.map((e) => {
    const item = document.createElement("li");
    const more = document.createElement("span");
    item.className = e.available ? "" : "off";
    more.textContent = e.available ? e.version : "not available: " + e.reason;
    item.append(e.title + " ", more);
    return item;
  }));
  const usable = list.filter((e) => e.available && e.plays);
  $("engine").replaceChildren(...usable.map((e) => new Option(e.title + " " + e.version, e.name, false, e.name === "phaser")));
  $("make").disabled = usable.length === 0;
  if (usable.length === 0) tell("problem", "No engine is available. See below for what each of them lacks.");
}

function curl(keyFile) {
  const quoted = "'" + keyFile.replaceAll("'", "'\\''") + "'";
  $("curl").textContent = [
    "URL=" + location.origin,
    'AUTH="Authorization: Bearer $(cat ' + quoted + ')"',
    'curl -s -H "$AUTH" "$URL/v1/engines"',
    'curl -s -H "$AUTH" -H "Content-Type: application/json" -d \'{"name": "Fox", "engine": "phaser"}\' "$URL/v1/projects"',
    'curl -s -H "$AUTH" "$URL/v1/jobs?limit=5"',
  ].join("\n");
}

let events;

function make(ev) {
  ev.preventDefault();
  events?.close();
  tell("problem", "");
  show("game", false);
  $("frame").removeAttribute("src");
  busy(true, "Submitting");
  ask("POST", "games", { prompt: $("prompt").value, engine: $("engine").value }).then(follow, (err) => {
    busy(false);
    if (err.status === 401) start();
    else tell("problem", sentence(err.message));
  });
}

function busy(on, stage = "") {
  $("make").disabled = on;
  show("progress", on);
  $("bar").value = 0;
  $("stage").textContent = stage;
}

const steps = { generation: "Writing the game", build: "Building" };

function follow(made) {
  events = new EventSource(made.events);
  events.addEventListener("progress", (ev) => {
    const p = JSON.parse(ev.data);
    $("bar").value = p.progress;
    $("stage").textContent = steps[p.step] + (p.stage ? ": " + p.stage : "");
  });
  events.addEventListener("failed", (ev) => {
    events.close();
    busy(false);
    tell("problem", sentence(JSON.parse(ev.data).detail));
  });
  events.addEventListener("done", (ev) => {
    events.close();
    busy(false);
    play(JSON.parse(ev.data));
  });
  events.addEventListener("error", () => {
    if (events.readyState !== EventSource.CLOSED) return; // it asks again by itself
    busy(false);
    tell("problem", "The platform does not answer.");
  });
}

function play(game) {
  $("title").textContent = game.title;
  $("summary").textContent = game.summary;
  tell("ignored", game.ignored?.length ? "Not understood: " + game.ignored.join(", ") + "." : "");
  $("frame").src = game.play_url;
  $("play").href = game.play_url;
  show("game", true);
  $("title").focus();
}

$("form").addEventListener("submit", make);
$("sign-out").addEventListener("click", () => ask("DELETE", "session").finally(() => { events?.close(); start(); }));
addEventListener("hashchange", start);
start();
