// Draws the runner: a road that runs to the horizon, projected by hand. What is at distance d appears focal / d as large.
import { darker, lighter, mix, roles } from './colors.js';
import { k } from './engine.js';
import { createMirror } from './mirror.js';
import { canvas, fade } from './paint.js';
import { LANE } from './rules.js';
import { createSpring } from './spring.js';
import { UNIT, addFigure, addPicture, color, frameOf, palette, white } from './textures.js';
import heroFigure from './figures/hero.js';

const BEHIND = 6; // the camera's distance behind the hero
const FAR = 80;
const STRIPE = 5; // length of a band of the road

export function createView(stage) {
  const { camera, burst, ripple } = stage;
  addFigure('heroBack', heroFigure, roles(palette.hero, palette.accent), { behind: true });
  addPicture('field', fieldPicture());
  addPicture('low', cratePicture(0.85, palette.enemy, lighter(palette.enemy, 0.65)));
  addPicture('tall', cratePicture(2.5, darker(palette.enemy, 0.35), palette.collect));

  const dark = darker(mix(palette.ground, palette.sky, 0.6), 0.35);
  const field = stage.sprite('field', -10, { anchor: 'topleft' });
  k.add([k.z(-9), { draw: drawRoad }]);
  const shadow = stage.sprite('dot', 990, { tint: k.rgb(0, 0, 0), opacity: 0.55 });
  const hero = stage.sprite('heroBack');
  const remove = (thing) => thing.destroy();
  const blocks = createMirror((b) => stage.sprite(b.kind, 0, { anchor: k.vec2(0, b.kind === 'enemy' ? 0.68 : 1) }), remove);
  const items = createMirror(() => stage.sprite('collect'), remove);
  const props = createMirror(() => stage.sprite('prop', 0, { anchor: 'bot' }), remove);
  const along = Array.from({ length: 20 }, (_, i) => ({ i, side: i % 2 ? 1 : -1 }));
  const spring = createSpring();
  let clock = 0;
  let x = 0; // the camera's own, it follows the hero a little
  let z = 0;
  let lens = { focal: 1, horizon: 0, height: 1 };

  function project(wx, wy, wz) {
    const d = Math.max(0.4, wz - z + BEHIND);
    const scale = lens.focal / d;
    return { x: k.width() / 2 + (wx - x) * scale, y: lens.horizon + (lens.height - wy) * scale, scale, d };
  }

  // Places a sprite that is size units large; far things come out of the haze.
  function put(thing, wx, wy, wz, size) {
    const at = project(wx, wy, wz);
    thing.moveTo(at.x, at.y);
    thing.scaleTo((size * at.scale) / UNIT);
    thing.z = 1000 - at.d;
    thing.opacity = Math.max(0, Math.min(1, (FAR - at.d) / 16));
    thing.hidden = at.d <= 0.8 || at.d >= FAR;
    return at;
  }

  function drawRoad() {
    const edge = LANE * 1.62;
    const first = Math.floor((z - BEHIND + 0.5) / STRIPE);
    for (let i = first + FAR / STRIPE; i >= first; i--) {
      const from = Math.max(z - BEHIND + 0.45, i * STRIPE);
      const to = (i + 1) * STRIPE;
      if (to <= from) continue;
      const near = i & 1;
      const dim = Math.min(0.8, Math.max(0, (to - z) / FAR));
      band(from, to, -40, 40, near ? lighter(palette.ground, 0.09) : palette.ground, 0.5 * (1 - dim));
      band(from, to, -edge - 0.28, edge + 0.28, near ? palette.accent : palette.text, 1 - dim);
      band(from, to, -edge, edge, mix(near ? lighter(dark, 0.06) : dark, palette.skyLow, dim * 0.7), 1);
      if (near) for (const lane of [-0.5, 0.5]) band(from, to, lane * LANE - 0.06, lane * LANE + 0.06, palette.text, 0.5 * (1 - dim));
    }
  }

  function band(from, to, left, right, tint, opacity) {
    const [a, b] = [project(0, 0, from), project(0, 0, to)];
    const at = (p, wx) => k.vec2(k.width() / 2 + (wx - x) * p.scale, p.y);
    k.drawPolygon({ pts: [at(a, left), at(a, right), at(b, right), at(b, left)], color: k.rgb(tint), opacity });
  }

  const view = {
    reset(world) {
      [blocks, items, props].forEach((m) => m.clear());
      x = 0;
      z = world.player.z;
      spring.calm();
      hero.angle = 0;
      view.resize();
    },

    event(e, world) {
      const at = project(e.x, (e.y || 0) + 0.5, e.z ?? z);
      if (e.type === 'jump') spring.kick(5), burst(at.x, at.y + 30, white, 8, false);
      if (e.type === 'land') spring.kick(-5), burst(at.x, at.y + 40, white, 6, false);
      if (e.type === 'move') spring.kick(2);
      if (e.type === 'collect') burst(at.x, at.y, color.collect, 12);
      if (e.type === 'stomp') spring.kick(6), burst(at.x, at.y, color.enemy, 24), ripple(at.x, at.y, color.accent, 120), stage.shake(0.1, 0.005);
      if (e.type === 'hurt') burst(at.x, at.y, color.hero, 26), stage.shake(0.32, 0.016);
      if (e.type === 'won') for (let i = 0; i < 6; i++) stage.after(i * 0.13, () => burst(at.x + (i - 2.5) * 90, at.y - 90, [color.collect, color.accent, color.hero][i % 3], 34));
      if (e.type === 'lost') stage.over(0.5, (t) => (hero.angle = 80 * (1 - Math.abs(Math.cos(t * Math.PI * 1.5)) * (1 - t))));
    },

    frame(world, dt, state) {
      clock += dt;
      const p = world.player;
      if (state === 'playing') z = p.z;
      else z += dt * (state === 'lost' ? 0 : 4); // the road rolls on behind the title
      x += (p.x * 0.55 - x) * Math.min(1, dt * 8);
      stage.backdrop.scroll(x * 60 + z * 2);
      placeHero(p, spring.step(dt), state);
      items.sync(state === 'title' ? [] : world.items, (s, i) => {
        const at = put(s, i.x, i.y + Math.sin(clock * 3 + i.z) * 0.06, i.z, 0.72);
        s.scale.x = ((0.72 * at.scale) / UNIT) * Math.cos(clock * 2.4 + i.z * 0.3);
      });
      blocks.sync(state === 'title' ? [] : world.blocks, (s, b) => {
        put(s, b.x, 0, b.z, b.kind === 'enemy' ? 1.15 : 1);
        if (b.kind === 'enemy') s.frame = frameOf(clock * 1.8 + b.id * 0.3);
      });
      props.sync(along, (s, o) => {
        const n = Math.floor((z - BEHIND) / 9) + Math.floor(o.i / 2) + 1;
        const far = (Math.imul(n, 2654435761) >>> 0) / 4294967296;
        put(s, o.side * (LANE * 1.62 + 1.8 + far * 2.6), 0, n * 9 + o.side * 2, ((2.6 + far * 1.8) * UNIT) / 256);
      });
    },

    toWorld: (px, py) => ({ x: px, y: py }),

    resize() {
      const [width, height] = [k.width(), k.height()];
      Object.assign(camera, { x: width / 2, y: height / 2, zoom: 1 });
      const atHero = Math.min((width * 0.96) / (LANE * 3.9), height * 0.15);
      lens = { focal: atHero * BEHIND, horizon: height * 0.4, height: (height * 0.44) / atHero };
      field.moveTo(-width * 0.05, lens.horizon);
      field.width = width * 1.1;
      field.height = height - lens.horizon + height * 0.05;
      stage.backdrop.stand(0.4);
    },
  };

  function placeHero(p, squash, state) {
    const heroZ = state === 'playing' ? p.z : z;
    const at = put(hero, p.x, p.y + 0.66 + (p.onGround ? Math.abs(Math.sin(z * 0.9)) * 0.09 : 0), heroZ, 1.25);
    const size = (1.25 * at.scale) / UNIT;
    hero.frame = p.onGround ? frameOf(z * 0.28) : 2;
    hero.z = 1000 - BEHIND + 0.5;
    hero.scaleTo(size * (1 - squash * 0.3), size * (1 + squash * 0.3));
    if (state !== 'lost') hero.angle = (p.lane * LANE - p.x) * 9;
    hero.opacity = state === 'lost' ? 0.6 : p.hurt > 0 && Math.sin(clock * 40) > 0 && state === 'playing' ? 0.35 : 1;
    const foot = project(p.x, 0, heroZ);
    const shade = (foot.scale / 52) * Math.max(0.4, 1 - p.y * 0.25);
    shadow.moveTo(foot.x, foot.y);
    shadow.scaleTo(shade, shade * 0.26);
  }

  return view;
}

// The land on both sides, out of the haze of the horizon.
function fieldPicture() {
  const c = canvas(4, 256);
  fade(c.getContext('2d'), 0, 0, 4, 256, mix(palette.skyLow, palette.ground, 0.35), palette.ground);
  return c;
}

// A thing in the way: a box with a lit top and a striped band.
function cratePicture(tall, fill, stripe) {
  const w = 1.75 * UNIT;
  const h = tall * UNIT;
  const lid = 0.22 * UNIT;
  const c = canvas(w, h);
  const ctx = c.getContext('2d');
  ctx.fillStyle = lighter(fill, 0.4);
  ctx.beginPath();
  ctx.roundRect(0, 0, w, lid + 20, 12);
  ctx.fill();
  const g = ctx.createLinearGradient(0, lid, 0, h);
  g.addColorStop(0, fill);
  g.addColorStop(1, darker(fill, 0.45));
  ctx.fillStyle = g;
  ctx.beginPath();
  ctx.roundRect(0, lid, w, h - lid, 8);
  ctx.fill();
  ctx.save();
  ctx.clip();
  ctx.fillStyle = stripe;
  for (let i = -2; i < 8; i += 2) {
    const y = lid + 12;
    ctx.beginPath();
    [[i, 0], [i + 1, 0], [i + 0.5, 1], [i - 0.5, 1]].forEach(([a, b]) => ctx.lineTo((a * w) / 5, y + b * 30));
    ctx.fill();
  }
  ctx.restore();
  ctx.strokeStyle = darker(fill, 0.6);
  ctx.lineWidth = 5;
  ctx.strokeRect(5, lid, w - 10, h - lid - 3);
  return c;
}
