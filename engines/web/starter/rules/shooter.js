// The rules of the shooter: fly, fire, gather what foes drop, then beat the boss. No drawing and no clock of its own;
// chance comes from the design's seed only. Units: x to the right, y up; the field is w by h around its own corner (0, 0).
import { createRandom } from './random.js';
import { plural } from './words.js';

const SPEED = 8.5;
const RATE = 6.5; // shots a second
export const buttons = [];

export function describe(d) {
  return {
    goal: `Shoot the ${plural(d.enemy)}, catch the ${plural(d.collect)} they drop, then beat the boss.`,
    how: [['← ↑ ↓ →  or  W A S D', 'fly'], ['Space', 'hold to fire'], [plural(d.collect), 'make you stronger']],
    touch: 'Drag anywhere: you fly along and fire',
    won: `The sky belongs to the ${d.hero}!`,
    lost: `Too many ${plural(d.enemy)}.`,
  };
}

export function create(design, { aspect = 1.6 } = {}) {
  // A wide window gets a wide field, a tall one a tall field.
  const w = aspect >= 1 ? Math.min(24, 12 * aspect) : 10;
  const h = aspect >= 1 ? 12 : Math.min(17, Math.max(12, 8.4 / aspect));
  const t = design.tuning;
  const hearts = t.lives || (design.difficulty < 0.9 ? 6 : design.difficulty > 1.2 ? 3 : 4);
  return {
    rnd: createRandom(design.seed), hard: design.difficulty, w, h, hearts, maxHearts: hearts, status: 'playing', time: 0,
    score: 0, goal: t.goal || Math.max(1, Math.round(60 * (0.6 + 0.4 * design.difficulty) * t.goalTimes)), tune: t, wave: 0, waveTime: 1.2, queue: [], kills: 0, serial: 0,
    player: { x: w * 0.18, y: h / 2, vx: 0, vy: 0, hurt: 0, cool: 0, power: 1, drag: null },
    shots: [], foes: [], bullets: [], items: [], boss: null,
  };
}

export function step(w, dt, input) {
  const events = [];
  if (w.status !== 'playing') return events;
  w.time += dt;
  fly(w, dt, input);
  fire(w, dt, input, events);
  sendFoes(w, dt, events);
  for (const f of w.foes) moves[f.kind](w, f, dt, events);
  if (w.boss) moveBoss(w, dt, events);
  for (const list of [w.shots, w.bullets]) for (const s of list) (s.x += s.vx * dt), (s.y += s.vy * dt);
  hits(w, events);
  gather(w, dt, events);
  const inside = (o) => !o.dead && o.x > -2 && o.x < w.w + 6 && o.y > -2 && o.y < w.h + 2;
  for (const name of ['shots', 'bullets', 'foes', 'items']) w[name] = w[name].filter(inside);
  return events;
}

function fly(w, dt, input) {
  const p = w.player;
  p.hurt = Math.max(0, p.hurt - dt);
  let dx = input.x;
  let dy = input.y;
  if (dx && dy) (dx *= 0.707), (dy *= 0.707);
  const ease = Math.min(1, dt * 14);
  p.vx += (dx * SPEED * w.tune.speed - p.vx) * ease;
  p.vy += (dy * SPEED * w.tune.speed - p.vy) * ease;
  p.x += p.vx * dt;
  p.y += p.vy * dt;
  const at = input.pointer;
  if (at.pressed) p.drag = { x: p.x - at.x, y: p.y - at.y }; // the finger need not cover the hero
  if (!at.down) p.drag = null;
  if (p.drag) {
    const pull = Math.min(1, dt * 16);
    p.x += (at.x + p.drag.x - p.x) * pull;
    p.y += (at.y + p.drag.y - p.y) * pull;
  }
  p.x = Math.max(0.7, Math.min(w.w - 0.7, p.x));
  p.y = Math.max(0.7, Math.min(w.h - 0.7, p.y));
}

function fire(w, dt, input, events) {
  const p = w.player;
  p.cool -= dt;
  if (p.cool > 0 || !(input.action || input.pointer.down)) return;
  p.cool = 1 / (RATE * w.tune.fireRate);
  const fans = [[0], [-0.16, 0.16], [-0.22, 0, 0.22], [-0.3, -0.1, 0.1, 0.3]];
  for (const a of fans[p.power - 1]) {
    w.shots.push({ id: ++w.serial, x: p.x + 0.7, y: p.y + a, vx: 19, vy: p.power > 2 ? a * 7 : 0 });
  }
  events.push({ type: 'shoot', x: p.x + 0.8, y: p.y });
}

// Foes come in formations; the next one comes when the last is gone, or after a while.
function sendFoes(w, dt, events) {
  if (w.score >= w.goal) {
    if (!w.boss && w.foes.length === 0) {
      const hp = Math.round(70 * (0.6 + 0.4 * w.hard));
      w.boss = { x: w.w + 3, y: w.h / 2, hp, full: hp, time: 0, next: 2.4, turn: 0, flash: 0 };
      events.push({ type: 'alarm', x: w.w, y: w.h / 2, say: 'The boss is here!' });
    }
    w.queue = [];
    return;
  }
  w.waveTime -= dt;
  for (const q of w.queue) q.wait -= dt;
  for (const q of w.queue.filter((q) => q.wait <= 0)) w.foes.push(q.foe);
  w.queue = w.queue.filter((q) => q.wait > 0);
  if (w.queue.length || (w.foes.length && w.waveTime > 0)) return;
  w.wave++;
  w.waveTime = 6.5;
  const n = Math.max(1, Math.round(Math.min(4 + w.wave * 0.6, 9) * (0.7 + 0.3 * w.hard) * w.tune.enemies));
  const kind = w.rnd.pick(w.wave < 2 ? ['wave'] : w.wave < 4 ? ['wave', 'dive'] : ['wave', 'dive', 'guard']);
  const y = w.rnd.range(2.5, w.h - 2.5);
  const shape = w.rnd.pick(['line', 'vee', 'snake']);
  for (let i = 0; i < n; i++) {
    const side = i % 2 ? 1 : -1;
    const spread = shape === 'vee' ? side * Math.ceil(i / 2) * 0.9 : shape === 'line' ? (i - n / 2) * 1.2 : 0;
    const fy = Math.max(1, Math.min(w.h - 1, y + spread));
    const wait = shape === 'snake' ? i * 0.34 : shape === 'vee' ? Math.ceil(i / 2) * 0.3 : i * 0.06;
    const hp = kind === 'guard' ? 3 : 1 + (w.wave > 5 ? 1 : 0);
    const foe = { id: ++w.serial, kind, x: w.w + 1.5, y: fy, home: fy, hp, time: i * 0.2, stop: w.w * w.rnd.range(0.6, 0.9), next: w.rnd.range(1, 2.5), flash: 0 };
    w.queue.push({ wait, foe });
  }
}

const moves = {
  wave(w, f, dt) {
    f.time += dt;
    f.x -= (2.6 + w.wave * 0.08) * w.tune.enemySpeed * dt;
    f.y = f.home + Math.sin(f.time * 2.6) * 1.2;
    again(w, f);
  },
  dive(w, f, dt) {
    f.time += dt;
    f.x -= (f.time < 1.3 ? 3 : 5.2) * w.tune.enemySpeed * dt;
    f.y += Math.max(-1.6, Math.min(1.6, w.player.y - f.y)) * dt * 0.9;
    again(w, f);
  },
  guard(w, f, dt, events) {
    f.time += dt;
    f.x += (f.stop - f.x) * Math.min(1, dt * 1.4);
    f.y = f.home + Math.sin(f.time * 1.3) * 0.8;
    f.next -= dt * w.hard;
    if (f.next > 0) return;
    f.next = 2.6;
    shootAt(w, f, 4.6, 0);
    events.push({ type: 'foeShot', x: f.x, y: f.y });
  },
};

// A foe that got past comes around once more.
function again(w, f) {
  f.flash -= 0.01;
  if (f.x > -1.4) return;
  f.x = w.w + 1.5;
  f.home = f.y = w.rnd.range(1.5, w.h - 1.5);
  f.time = 0;
}

function shootAt(w, from, speed, turn) {
  const a = Math.atan2(w.player.y - from.y, w.player.x - from.x) + turn;
  w.bullets.push({ id: ++w.serial, x: from.x - 0.5, y: from.y, vx: Math.cos(a) * speed, vy: Math.sin(a) * speed });
}

function moveBoss(w, dt, events) {
  const b = w.boss;
  b.time += dt;
  b.x += (w.w - 2.6 - b.x) * Math.min(1, dt * 1.5);
  b.y = w.h / 2 + Math.sin(b.time * 0.8) * (w.h / 2 - 2.4);
  b.next -= dt;
  if (b.next > 0) return;
  b.turn++;
  const angry = b.hp < b.full / 2 ? 0.75 : 1;
  b.next = 1.5 * angry / (0.7 + 0.3 * w.hard);
  if (b.turn % 3 === 0) for (let i = -3; i <= 3; i++) shootAt(w, b, 4.2, i * 0.24);
  else for (let i = -1; i <= 1; i++) shootAt(w, b, 5.4, i * 0.13);
  events.push({ type: 'foeShot', x: b.x - 1, y: b.y });
}

function hits(w, events) {
  const p = w.player;
  const near = (a, b, r) => Math.hypot(a.x - b.x, a.y - b.y) < r;
  for (const s of w.shots) {
    const f = w.foes.find((f) => !f.dead && near(s, f, 0.75));
    if (f) {
      s.dead = true;
      f.flash = 0.1;
      if (--f.hp <= 0) down(w, f, events);
      else events.push({ type: 'spark', x: s.x, y: s.y });
    } else if (w.boss && near(s, w.boss, 1.7)) {
      s.dead = true;
      w.boss.hp--;
      w.boss.flash = 0.1;
      events.push({ type: 'spark', x: s.x, y: s.y });
      if (w.boss.hp <= 0) {
        w.status = 'won';
        events.push({ type: 'burst', x: w.boss.x, y: w.boss.y, big: true }, { type: 'won', x: w.boss.x, y: w.boss.y });
        return;
      }
    }
  }
  if (p.hurt > 0) return;
  const touch = w.foes.find((f) => !f.dead && near(p, f, 0.85)) || w.bullets.find((b) => near(p, b, 0.52)) || (w.boss && near(p, w.boss, 1.9) && w.boss);
  if (!touch) return;
  if (touch !== w.boss) touch.dead = true;
  p.hurt = 1.7;
  p.power = Math.max(1, p.power - 1);
  w.hearts--;
  events.push({ type: 'hurt', x: p.x, y: p.y });
  if (w.hearts > 0) return;
  w.status = 'lost';
  events.push({ type: 'burst', x: p.x, y: p.y, big: true }, { type: 'lost', x: p.x, y: p.y });
}

function down(w, f, events) {
  f.dead = true;
  w.kills++;
  events.push({ type: 'burst', x: f.x, y: f.y });
  const heart = w.kills % 14 === 0 && w.hearts < w.maxHearts;
  w.items.push({ id: ++w.serial, x: f.x, y: f.y, vx: -1.2, vy: w.rnd.range(-0.6, 0.6), heart });
}

function gather(w, dt, events) {
  const p = w.player;
  for (const i of w.items) {
    const d = Math.hypot(p.x - i.x, p.y - i.y);
    const pull = d < 3.2 ? 9 * dt : 0; // things nearby come along by themselves
    i.x += i.vx * dt + ((p.x - i.x) / (d || 1)) * pull;
    i.y += i.vy * dt + ((p.y - i.y) / (d || 1)) * pull;
    if (d > 0.9) continue;
    i.dead = true;
    if (i.heart) {
      w.hearts++;
      events.push({ type: 'heart', x: i.x, y: i.y });
      continue;
    }
    w.score++;
    events.push({ type: 'collect', x: i.x, y: i.y, n: w.score % 8 });
    if (w.score % 8 === 0 && p.power < 4) {
      p.power++;
      events.push({ type: 'power', x: p.x, y: p.y, say: `Fire power ${p.power}` });
    }
  }
}
