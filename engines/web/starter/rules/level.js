// Lays out a platformer level from the design's seed. Every gap and step is smaller than what the hero can jump, and the
// things on the main path alone are enough to open the portal, so each level can be finished.
import { createRandom } from './random.js';

const LENGTH = 190;

export function makeLevel(design) {
  const rnd = createRandom(design.seed);
  const level = { solids: [], items: [], enemies: [], start: 0, left: -7, right: 0, portal: null, goal: 0 };
  const build = { rnd, level, x: -8, top: 0, main: 0, hard: design.difficulty, tune: design.tuning };
  ground(build, 14);
  item(build, 3, 1, true);
  item(build, 4.2, 1, true);

  const chunks = [meadow, gap, islands, stairs, lookout];
  let last = null;
  while (build.x < LENGTH) {
    const chunk = rnd.pick(chunks.filter((c) => c !== last));
    chunk(build);
    last = chunk;
  }
  const x = build.x;
  ground(build, 14);
  level.portal = { x: x + 8, y: build.top + 1.2 };
  level.right = x + 13.5;
  const wanted = build.tune.goal || Math.round(Math.max(8, Math.round(build.main * 0.64)) * build.tune.goalTimes);
  level.goal = Math.max(1, Math.min(build.main, wanted));
  return level;
}

function ground(b, w) {
  b.level.solids.push({ x: b.x, w, top: b.top, h: b.top + 12, thin: false });
  b.x += w;
}

function ledge(b, x, w, top) {
  b.level.solids.push({ x, w, top, h: 0.5, thin: true });
}

function item(b, x, y, main = false) {
  b.level.items.push({ x, y, taken: false });
  if (main) b.main++;
}

function arc(b, x, w, top) {
  for (let i = 0; i < 3; i++) item(b, x + (w * (i + 0.5)) / 3, top + (i === 1 ? 2.5 : 1.9), true);
}

function enemy(b, x, from, to, top, flies = false) {
  const speed = b.rnd.range(1.2, 2) * b.tune.enemySpeed;
  const base = top + (flies ? 2.2 : 0.45);
  b.level.enemies.push({ x, y: base, base, from, to, dir: b.rnd.chance(0.5) ? 1 : -1, speed, flies, dead: false });
}

// One where chance has it, or as many times as the design wants: each other one begins nearer to where they turn.
function enemies(b, chance, x, from, to, flies = () => false) {
  const n = Math.min(1, chance * b.hard) * b.tune.enemies;
  const count = Math.floor(n) + (b.rnd.next() < n - Math.floor(n) ? 1 : 0);
  for (let i = 0; i < count; i++) enemy(b, x + (from - x) * (i / count), from, to, b.top, flies());
}

// Flat land with something walking on it, sometimes a ledge above.
function meadow(b) {
  const w = b.rnd.range(8, 11);
  const x = b.x;
  ground(b, w);
  for (let i = 0; i < 3; i++) item(b, x + w / 2 - 1.3 + i * 1.3, b.top + 0.9, true);
  enemies(b, 0.75, x + w * 0.6, x + 2, x + w - 0.8);
  if (b.rnd.chance(0.5)) {
    ledge(b, x + 2.5, 4, b.top + 2.3);
    for (let i = 0; i < 3; i++) item(b, x + 3.3 + i * 1.2, b.top + 3.2);
  }
}

function gap(b) {
  const w = b.rnd.range(2.4, 3.5);
  arc(b, b.x, w, b.top);
  b.x += w;
  b.top = climb(b, b.rnd.int(-1, 1));
  ground(b, b.rnd.range(4.5, 6.5));
}

// Small islands over a pit.
function islands(b) {
  const n = b.rnd.int(2, 3);
  for (let i = 0; i < n; i++) {
    b.x += b.rnd.range(2, 2.7);
    b.top = climb(b, b.rnd.int(-1, 1));
    const w = b.rnd.range(2.6, 3.6);
    ledge(b, b.x, w, b.top);
    item(b, b.x + w / 2, b.top + 0.9, true);
    b.x += w;
  }
  b.x += b.rnd.range(2, 2.6);
  b.top = climb(b, b.rnd.int(-1, 0));
  ground(b, b.rnd.range(5, 7));
  enemies(b, 0.35, b.x - 3, b.x - 4.5, b.x - 1, () => true);
}

function stairs(b) {
  for (let i = 0; i < 3; i++) {
    b.top = climb(b, 1);
    item(b, b.x + 1.4, b.top + 0.9, true);
    ground(b, 2.8);
  }
  b.top = climb(b, -2);
  const x = b.x;
  ground(b, 7);
  enemies(b, 0.8, x + 5, x + 1.5, x + 6.2);
}

// A climb over ledges to a hoard above, and something that flies around it.
function lookout(b) {
  const x = b.x;
  ground(b, 11);
  ledge(b, x + 2, 2.6, b.top + 2);
  ledge(b, x + 5, 3.2, b.top + 3.8);
  item(b, x + 3.3, b.top + 2.9);
  for (let i = 0; i < 3; i++) item(b, x + 5.5 + i * 1.1, b.top + 4.7);
  item(b, x + 6.6, b.top + 0.9, true);
  item(b, x + 8, b.top + 0.9, true);
  enemies(b, 0.7, x + 9, x + 4, x + 10.2, () => b.rnd.chance(0.4));
}

// A new height at most one step up, kept between the bottom and the top of the world.
function climb(b, by) {
  return Math.max(-1, Math.min(5, b.top + by));
}
