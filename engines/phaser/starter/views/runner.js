// Draws the runner: a road that runs to the horizon, projected by hand. What is at distance d appears focal / d as large.
import { steady } from './motion.js';
import { darker, lighter, mix, number } from './colors.js';
import { createMirror } from './mirror.js';
import { LANE } from './rules.js';
import { createSpring } from './spring.js';
import { UNIT, color, createBursts, frameOf, palette, ripple } from './stage.js';

const BEHIND = 6; // the camera's distance behind the hero
const FAR = 80;
const STRIPE = 5; // length of a band of the road

export function createView(scene, backdrop) {
  const cam = scene.cameras.main;
  const burst = createBursts(scene, 5000);
  const ground = scene.add.graphics().setDepth(-10);
  const road = scene.add.graphics().setDepth(-9);
  const shadow = scene.add.ellipse(0, 0, 100, 26, 0x000000, 0.35);
  const hero = scene.add.sprite(0, 0, 'heroBack');
  const remove = (image) => image.destroy();
  makeCrates(scene);
  const textures = { low: 'low', tall: 'tall', enemy: 'enemy' };
  const blocks = createMirror((b) => scene.add.sprite(0, 0, textures[b.kind]).setOrigin(0.5, b.kind === 'enemy' ? 0.84 : 1), remove);
  const items = createMirror(() => scene.add.image(0, 0, 'collect'), remove);
  const props = createMirror(() => scene.add.image(0, 0, 'prop').setOrigin(0.5, 1), remove);
  const along = Array.from({ length: 20 }, (_, i) => ({ i, side: i % 2 ? 1 : -1 }));
  let clock = 0;
  const spring = createSpring();
  let x = 0; // the camera's own, it follows the hero a little
  let z = 0;
  let view3d = { focal: 1, horizon: 0, height: 1 };

  function project(wx, wy, wz) {
    const d = Math.max(0.4, wz - z + BEHIND);
    const scale = view3d.focal / d;
    return { x: cam.width / 2 + (wx - x) * scale, y: view3d.horizon + (view3d.height - wy) * scale, scale, d };
  }

  // Places an image that is size units large; far things come out of the haze.
  function put(image, wx, wy, wz, size) {
    const at = project(wx, wy, wz);
    image.setPosition(at.x, at.y).setScale((size * at.scale) / UNIT).setDepth(1000 - at.d);
    return image.setAlpha(Math.min(1, (FAR - at.d) / 16)).setVisible(at.d > 0.8 && at.d < FAR);
  }

  function drawRoad() {
    const { width, height } = cam;
    const haze = number(mix(palette.skyLow, palette.ground, 0.35));
    ground.clear();
    ground.fillGradientStyle(haze, haze, color.ground, color.ground, 1);
    ground.fillRect(0, view3d.horizon, width, height - view3d.horizon);
    road.clear();
    const edge = LANE * 1.62;
    const dark = darker(mix(palette.ground, palette.sky, 0.6), 0.35);
    const first = Math.floor((z - BEHIND + 0.5) / STRIPE);
    for (let i = first + FAR / STRIPE; i >= first; i--) {
      const from = Math.max(z - BEHIND + 0.45, i * STRIPE);
      const to = (i + 1) * STRIPE;
      if (to <= from) continue;
      const near = i & 1;
      const dim = Math.min(0.8, Math.max(0, (to - z) / FAR));
      quad(from, to, -40, 40, number(near ? lighter(palette.ground, 0.09) : palette.ground), 0.5 * (1 - dim));
      quad(from, to, -edge - 0.28, edge + 0.28, near ? color.accent : color.text, 1 - dim);
      quad(from, to, -edge, edge, number(mix(near ? lighter(dark, 0.06) : dark, palette.skyLow, dim * 0.7)), 1);
      if (near) for (const lane of [-0.5, 0.5]) quad(from, to, lane * LANE - 0.06, lane * LANE + 0.06, color.text, 0.5 * (1 - dim));
    }
  }

  function quad(from, to, left, right, tint, alpha) {
    const [a, b, c, d] = [project(left, 0, from), project(right, 0, from), project(right, 0, to), project(left, 0, to)];
    road.fillStyle(tint, alpha);
    road.fillPoints([a, b, c, d], true);
  }

  const view = {
    reset(world) {
      [blocks, items, props].forEach((m) => m.clear());
      x = 0;
      z = world.player.z;
      spring.calm();
      hero.setAlpha(1).setAngle(0);
      view.resize();
    },

    event(e, world) {
      const at = project(e.x, (e.y || 0) + 0.5, e.z ?? z);
      if (e.type === 'jump') spring.kick(5), burst(at.x, at.y + 30, 0xffffff, 8, false);
      if (e.type === 'land') spring.kick(-5), burst(at.x, at.y + 40, 0xffffff, 6, false);
      if (e.type === 'move') spring.kick(2);
      if (e.type === 'collect') burst(at.x, at.y, color.collect, 12);
      if (e.type === 'stomp') spring.kick(6), burst(at.x, at.y, color.enemy, 24), ripple(scene, at.x, at.y, color.accent, 120), cam.shake(100, steady(0.005));
      if (e.type === 'hurt') burst(at.x, at.y, color.hero, 26), cam.shake(320, steady(0.016));
      if (e.type === 'won') for (let i = 0; i < 6; i++) scene.time.delayedCall(i * 130, () => burst(at.x + (i - 2.5) * 90, at.y - 90, [color.collect, color.accent, color.hero][i % 3], 34));
      if (e.type === 'lost') scene.tweens.add({ targets: hero, angle: 80, alpha: 0.4, duration: 500, ease: 'Bounce.out' });
    },

    frame(world, dt, state) {
      clock += dt;
      const p = world.player;
      if (state === 'playing') z = p.z;
      else z += dt * 4; // the road rolls on behind the title
      x += (p.x * 0.55 - x) * Math.min(1, dt * 8);
      backdrop.scroll(x * 60 + z * 2);
      const squash = spring.step(dt);
      drawRoad();
      const heroZ = state === 'playing' ? p.z : z;
      const run = p.onGround ? frameOf(z * 0.28) : 2;
      put(hero, p.x, p.y + 0.66 + (p.onGround ? Math.abs(Math.sin(z * 0.9)) * 0.09 : 0), heroZ, 1.25).setFrame(run).setDepth(1000 - BEHIND + 0.5);
      hero.setScale(hero.scaleX * (1 - squash * 0.3), hero.scaleY * (1 + squash * 0.3));
      hero.setRotation(state === 'lost' ? hero.rotation : (p.lane * LANE - p.x) * 0.16).setAlpha(p.hurt > 0 && Math.sin(clock * 40) > 0 && state === 'playing' ? 0.35 : 1);
      const foot = project(p.x, 0, heroZ);
      shadow.setPosition(foot.x, foot.y).setScale((foot.scale / 130) * Math.max(0.4, 1 - p.y * 0.25)).setDepth(990);
      items.sync(state === 'title' ? [] : world.items, (s, i) => {
        put(s, i.x, i.y + Math.sin(clock * 3 + i.z) * 0.06, i.z, 0.72);
        s.scaleX *= Math.cos(clock * 2.4 + i.z * 0.3);
      });
      blocks.sync(state === 'title' ? [] : world.blocks, (s, b) => {
        if (b.kind === 'enemy') put(s, b.x, 0, b.z, 1.15).setFrame(frameOf(clock * 1.8 + b.id * 0.3));
        else put(s, b.x, 0, b.z, 1);
      });
      props.sync(along, (s, o) => {
        const gap = 9;
        const n = Math.floor((z - BEHIND) / gap) + Math.floor(o.i / 2) + 1;
        const far = (Math.imul(n, 2654435761) >>> 0) / 4294967296;
        put(s, o.side * (LANE * 1.62 + 1.8 + far * 2.6), 0, n * gap + o.side * 2, 1);
        const tall = (2.6 + far * 1.8) * project(0, 0, n * gap + o.side * 2).scale;
        s.setDisplaySize(tall, tall);
      });
    },

    toWorld: (px, py) => ({ x: px, y: py }),

    resize() {
      const { width, height } = cam;
      const atHero = Math.min((width * 0.96) / (LANE * 3.9), height * 0.15);
      view3d = { focal: atHero * BEHIND, horizon: height * 0.4, height: (height * 0.44) / atHero };
      backdrop.stand(0.4);
    },
  };
  return view;
}

// The things in the way: a low crate to jump over and a tall one to dodge, with a face and a lit top.
function makeCrates(scene) {
  for (const [name, tall, fill] of [['low', 0.85, palette.enemy], ['tall', 2.5, darker(palette.enemy, 0.35)]]) {
    if (scene.textures.exists(name)) continue;
    const w = 1.75 * UNIT;
    const h = tall * UNIT;
    const lid = 0.22 * UNIT;
    const texture = scene.textures.createCanvas(name, w, h);
    const ctx = texture.getContext();
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
    ctx.fillStyle = name === 'low' ? lighter(palette.enemy, 0.65) : palette.collect;
    for (let i = -2; i < 8; i += 2) {
      const y = name === 'low' ? lid + 10 : lid + 14;
      ctx.beginPath();
      [[i, 0], [i + 1, 0], [i + 0.5, 1], [i - 0.5, 1]].forEach(([a, b]) => ctx.lineTo((a * w) / 5, y + b * 30));
      ctx.fill();
    }
    ctx.restore();
    ctx.strokeStyle = darker(fill, 0.6);
    ctx.lineWidth = 5;
    ctx.strokeRect(5, lid, w - 10, h - lid - 3);
    texture.refresh();
  }
}
