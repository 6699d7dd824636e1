// The rules of the runner: three lanes, things to gather, things to dodge or jump. No drawing and no clock of its own;
// chance comes from the design's seed only. Units: z forward along the road, x to the right, y up.
import { createRandom } from './random.js';
import { plural, withArticle } from './words.js';

export const LANE = 2.1; // distance between lanes
const GRAVITY = 34;
const JUMP = 11.2; // reaches 1.85 units
const AHEAD = 90; // how far the road is laid out
export const buttons = [];

export function describe(d) {
  return {
    goal: `Gather ${plural(d.collect)} along the road. Dodge what blocks it and jump over the ${plural(d.enemy)}.`,
    how: [['← →  or  A D', 'change lane'], ['Space  or  ↑', 'jump'], [`land on ${withArticle(d.enemy)}`, 'two extra']],
    touch: 'Swipe to the side, swipe up or tap to jump',
    won: `What a run! The ${d.hero} has them all.`,
    lost: `The ${d.hero} is out of breath.`,
  };
}

export function create(design) {
  const t = design.tuning;
  const hearts = t.lives || (design.difficulty < 0.9 ? 5 : design.difficulty > 1.2 ? 2 : 3);
  const w = {
    rnd: createRandom(design.seed), hard: design.difficulty, hearts, maxHearts: hearts, status: 'playing', time: 0, score: 0,
    goal: t.goal || Math.max(1, Math.round(130 * (0.7 + 0.3 * design.difficulty) * t.goalTimes)), speed: 11 * t.speed,
    tune: t, gravity: GRAVITY * t.gravity, lift: JUMP * Math.sqrt(t.jump * t.gravity), // so that jump is a height
    chain: 0, laid: 26, open: 0, serial: 0,
    player: { x: 0, y: 0, z: 0, vy: 0, lane: 0, hurt: 0, buffer: 0, onGround: true },
    blocks: [], items: [],
  };
  layRoad(w);
  return w;
}

export function step(w, dt, input) {
  const events = [];
  if (w.status !== 'playing') return events;
  w.time += dt;
  w.speed += ((11 + Math.min(8, w.time * 0.12)) * w.tune.speed * (w.player.hurt > 1 ? 0.6 : 1) - w.speed) * Math.min(1, dt * 3);
  run(w, dt, input, events);
  for (const b of w.blocks) if (b.kind === 'enemy') b.z -= 2.5 * w.tune.enemySpeed * dt;
  meet(w, events);
  gather(w, events);
  layRoad(w);
  const ahead = (o) => o.z > w.player.z - 8 && !o.gone;
  w.blocks = w.blocks.filter(ahead);
  w.items = w.items.filter(ahead);
  return events;
}

function run(w, dt, input, events) {
  const p = w.player;
  const turn = (input.pressed.right ? 1 : 0) - (input.pressed.left ? 1 : 0);
  if (turn && Math.abs(p.lane + turn) <= 1) {
    p.lane += turn;
    events.push({ type: 'move', x: p.x, y: p.y, z: p.z });
  }
  p.hurt = Math.max(0, p.hurt - dt);
  p.x += (p.lane * LANE - p.x) * Math.min(1, dt * 15);
  p.z += w.speed * dt;
  p.buffer = input.pressed.jump || input.pressed.tap ? 0.15 : p.buffer - dt;
  if (p.onGround && (p.buffer > 0 || (input.jump && w.time > 0.3))) {
    p.vy = w.lift;
    p.onGround = false;
    p.buffer = 0;
    events.push({ type: 'jump', x: p.x, y: p.y, z: p.z });
  }
  if (p.onGround) return;
  if (input.y < 0 || input.pressed.down) p.vy = Math.min(p.vy, -16); // down again at once
  p.vy -= w.gravity * dt;
  p.y += p.vy * dt;
  if (p.y > 0) return;
  p.y = 0;
  p.vy = 0;
  p.onGround = true;
  events.push({ type: 'land', x: p.x, y: 0, z: p.z, force: 10 });
}

// Rows of things are laid with time enough between them for one decision each. One lane, w.open, always leads on, and
// moves at most one lane from a row to the next.
function layRoad(w) {
  const r = w.rnd;
  while (w.laid < w.player.z + AHEAD) {
    const z = w.laid;
    const speed = (11 + Math.min(8, w.time * 0.12)) * w.tune.speed;
    const foes = Array(Math.round(2 * w.tune.enemies)).fill('enemy');
    const kind = r.pick(w.laid < 60 ? ['one', 'stars'] : ['one', 'two', 'two', 'bar', ...foes, 'stars']);
    const from = w.open;
    w.open = Math.max(-1, Math.min(1, w.open + r.int(-1, 1)));
    const others = [-1, 0, 1].filter((l) => l !== w.open);
    if (kind === 'one') block(w, r.chance(0.5) ? 'tall' : 'low', r.pick(others), z);
    if (kind === 'two') others.forEach((l) => block(w, r.chance(0.7) ? 'tall' : 'low', l, z));
    if (kind === 'bar') [-1, 0, 1].forEach((l) => block(w, 'low', l, z));
    if (kind === 'enemy') {
      block(w, 'enemy', w.open, z + 4);
      if (r.chance(0.6)) block(w, 'tall', r.pick(others), z);
    }
    lineOfItems(w, kind, from, z, speed);
    w.laid += speed * r.range(0.95, 1.25) / (0.75 + 0.25 * w.hard);
  }
}

function block(w, kind, lane, z) {
  w.blocks.push({ id: ++w.serial, kind, lane, x: lane * LANE, z, gone: false });
}

function lineOfItems(w, kind, from, z, speed) {
  const arc = kind === 'bar' || kind === 'enemy';
  const n = kind === 'stars' ? 5 : 3;
  for (let i = 0; i < n; i++) {
    const t = i - (n - 1) / 2;
    const y = arc && kind === 'bar' ? 1.9 - Math.abs(t) * 0.45 : 0.7;
    if (kind === 'enemy') continue;
    w.items.push({ id: ++w.serial, x: w.open * LANE, y, z: z + t * 1.8, gone: false });
  }
  if (from !== w.open || w.rnd.chance(0.4)) return;
  w.items.push({ id: ++w.serial, x: from * LANE, y: 0.7, z: z - speed * 0.5, gone: false });
}

function meet(w, events) {
  const p = w.player;
  for (const b of w.blocks) {
    if (b.gone || Math.abs(b.z - p.z) > 0.75 || Math.abs(b.x - p.x) > 1.15) continue;
    const height = b.kind === 'tall' ? 3 : b.kind === 'low' ? 0.85 : 0.95;
    if (p.y >= height) continue;
    if (b.kind === 'enemy' && p.vy < 0 && p.y > 0.25) {
      b.gone = true;
      p.vy = 9.5;
      w.score += 2;
      events.push({ type: 'stomp', x: b.x, y: 0.6, z: b.z });
      if (finish(w, events)) return;
      continue;
    }
    if (p.hurt > 0) continue;
    b.gone = true;
    p.hurt = 1.7;
    w.chain = 0;
    w.hearts--;
    events.push({ type: 'hurt', x: p.x, y: p.y + 0.6, z: p.z, kind: b.kind });
    if (w.hearts > 0) continue;
    w.status = 'lost';
    events.push({ type: 'lost', x: p.x, y: p.y, z: p.z });
    return;
  }
}

function gather(w, events) {
  const p = w.player;
  for (const i of w.items) {
    if (i.gone || Math.abs(i.z - p.z) > 0.9 || Math.abs(i.x - p.x) > 1.1 || Math.abs(i.y - p.y - 0.6) > 1.15) continue;
    i.gone = true;
    w.score++;
    events.push({ type: 'collect', x: i.x, y: i.y, z: i.z, n: w.chain++ % 15 });
    if (finish(w, events)) return;
  }
}

function finish(w, events) {
  if (w.score < w.goal) return false;
  w.score = w.goal;
  w.status = 'won';
  events.push({ type: 'won', x: w.player.x, y: w.player.y, z: w.player.z });
  return true;
}
