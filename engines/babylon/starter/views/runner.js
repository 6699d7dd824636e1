// Draws the runner in depth: a road into the haze, a camera behind the hero, shadows under everything.
import { Scene } from '@babylonjs/core/scene.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { darker, lighter, mix, roles } from './colors.js';
import { createFigure, createLook, walk } from './figure.js';
import { createProps, lit, meshOf, palette, texture, tint } from './materials.js';
import { createMirror } from './mirror.js';
import { canvas } from './paint.js';
import { LANE } from './rules.js';
import { scene } from './scene.js';
import { box, plate } from './solid.js';
import { createSpring } from './spring.js';
import collectFigure from './figures/collect.js';
import enemyFigure from './figures/enemy.js';
import heroFigure from './figures/hero.js';

const WIDE = LANE * 3.3;
const LONG = 120;
const STRIPE = 10; // units of road in one picture

export function createView(stage) {
  const { camera, burst } = stage;
  Object.assign(scene, { fogMode: Scene.FOGMODE_LINEAR, fogColor: tint(mix(palette.skyLow, palette.ground, 0.3)), fogStart: 34, fogEnd: 92 });
  const look = { collect: createLook(collectFigure, roles(palette.collect, palette.accent)), enemy: createLook(enemyFigure, roles(palette.enemy, palette.accent)) };
  const hero = createFigure(createLook(heroFigure, roles(palette.hero, palette.accent)));
  const { road, map } = makeRoad();
  const crates = { low: makeCrate(0.85, palette.enemy, lighter(palette.enemy, 0.65)), tall: makeCrate(2.6, darker(palette.enemy, 0.35), palette.collect) };
  const remove = (thing) => thing.dispose();
  const blocks = createMirror((b) => (b.kind === 'enemy' ? createFigure(look.enemy) : copyCrate(crates[b.kind])), remove);
  const items = createMirror(() => createFigure(look.collect), remove);
  const prop = createProps();
  const along = Array.from({ length: 26 }, (_, i) => ({ i, side: i % 2 ? 1 : -1, mesh: prop(3) }));
  const spring = createSpring();
  let clock = 0;
  let z = 0;
  let x = 0;
  let fallen = 0;

  const view = {
    reset(world) {
      blocks.clear();
      items.clear();
      spring.calm();
      z = world.player.z;
      x = fallen = 0;
      view.resize();
    },

    event(e, world) {
      const at = [e.x, (e.y || 0) + 0.5, -(e.z ?? world.player.z)];
      if (e.type === 'jump') spring.kick(5), burst(at[0], 0.1, at[2], '#ffffff', 8, 2.5);
      if (e.type === 'land') spring.kick(-5), burst(at[0], 0.1, at[2], '#ffffff', 6, 2);
      if (e.type === 'move') spring.kick(2);
      if (e.type === 'collect') burst(...at, palette.collect, 12, 4);
      if (e.type === 'stomp') spring.kick(6), burst(...at, palette.enemy, 28, 6), stage.shake(0.25);
      if (e.type === 'hurt') burst(...at, palette.hero, 30, 6), stage.shake(0.6);
      if (e.type === 'won') for (let i = -2; i <= 2; i++) burst(at[0] + i, 1.6, at[2], [palette.collect, palette.accent, palette.hero][(i + 2) % 3], 26, 7);
      if (e.type === 'lost') stage.shake(0.5);
    },

    frame(world, dt, state) {
      clock += dt;
      const p = world.player;
      z = state === 'playing' ? p.z : z + dt * (state === 'lost' ? 0 : 4); // the road rolls on behind the title
      x += (p.x * 0.6 - x) * Math.min(1, dt * 8);
      placeHero(p, dt, state);

      items.sync(state === 'title' ? [] : world.items, (g, i) => {
        g.position.set(i.x, i.y + Math.sin(clock * 3 + i.z) * 0.06, -i.z);
        g.rotation.y = clock * 2.4 + i.z * 0.3;
        g.scaling.setAll(0.78);
      });
      blocks.sync(state === 'title' ? [] : world.blocks, (g, b) => {
        g.position.set(b.x, b.kind === 'enemy' ? 0.52 : 0, -b.z);
        if (b.kind !== 'enemy') return;
        g.scaling.setAll(1.15);
        g.rotation.y = Math.sin(clock * 3 + b.id) * 0.3;
        walk(g, clock * 10 + b.id);
      });
      for (const o of along) {
        const n = Math.floor((z - 7) / 9) + Math.floor(o.i / 2) + 1;
        const far = (Math.imul(n * 2 + (o.side > 0 ? 1 : 0), 2654435761) >>> 0) / 4294967296;
        o.mesh.position.set(o.side * (WIDE / 2 + 1.8 + far * 3), 0, -(n * 9 + o.side * 2));
        o.mesh.scaling.setAll(2.6 + far * 2);
      }
      road.position.z = -z - LONG / 2 + 14;
      map.vOffset = (z / STRIPE) % 1;
      stage.backdrop.scroll(x * 2 + z * 0.08);
      camera.position.x = x;
      camera.position.z = -z + view.back;
      stage.look(x, 1.2, -z - 10);
      stage.light(x, 0, -z - 8, 17);
    },

    toWorld: (px, py) => ({ x: px, y: py }),

    resize() {
      view.back = Math.max(9, stage.distance(WIDE * 0.98, 4) * 0.9);
      camera.position.y = 2.2 + view.back * 0.24;
      // The horizon lies where a level line of sight meets the window.
      const down = Math.atan2(camera.position.y - 1.2, view.back + 10);
      stage.backdrop.stand(0.5 - Math.tan(down - 0.055) / Math.tan(camera.fov / 2) / 2);
    },
  };

  function placeHero(p, dt, state) {
    const squash = spring.step(dt);
    const run = z * 1.9;
    walk(hero, p.onGround ? run : 1.2);
    hero.position.set(p.x, p.y + 0.58 + (p.onGround ? Math.abs(Math.sin(run)) * 0.1 : 0), -z);
    hero.scaling.set(1.2 * (1 - squash * 0.3), 1.2 * (1 + squash * 0.3), 1.2 * (1 - squash * 0.3));
    fallen += ((state === 'lost' ? 1.4 : 0) - fallen) * Math.min(1, dt * 6);
    hero.rotation.set(fallen, Math.PI, (p.x - p.lane * LANE) * 0.2);
    hero.setEnabled(!(p.hurt > 0 && state === 'playing' && Math.sin(clock * 40) > 0.2));
  }

  return view;
}

function makeRoad() {
  const c = canvas(256, 512);
  const ctx = c.getContext('2d');
  const dark = darker(mix(palette.ground, palette.sky, 0.6), 0.3);
  ctx.fillStyle = dark;
  ctx.fillRect(0, 0, 256, 512);
  ctx.fillStyle = lighter(dark, 0.07);
  ctx.fillRect(0, 0, 256, 256);
  for (let i = 0; i < 2; i++) {
    ctx.fillStyle = i ? palette.text : palette.accent;
    ctx.fillRect(0, i * 256, 9, 256);
    ctx.fillRect(247, i * 256, 9, 256);
  }
  ctx.fillStyle = lighter(dark, 0.55);
  for (const lane of [-0.5, 0.5]) ctx.fillRect(128 + (lane * LANE * 256) / WIDE - 3, 40, 6, 220);
  const map = texture(c, true);
  map.hasAlpha = false;

  const road = new TransformNode('road', scene);
  const lay = (w, y, look, repeat) => {
    const mesh = meshOf(plate(w, LONG, { repeat }), look, { parent: road });
    mesh.casts = false;
    mesh.rotation.x = -Math.PI / 2;
    mesh.position.y = y;
  };
  lay(WIDE, 0, lit({ map, gloss: 0 }), [1, LONG / STRIPE]);
  lay(240, -0.06, lit({ color: palette.ground, gloss: 0 }));
  return { road, map };
}

// A box in the way, with a striped band.
function makeCrate(tall, fill, stripe) {
  const c = canvas(256, 256);
  const ctx = c.getContext('2d');
  ctx.fillStyle = fill;
  ctx.fillRect(0, 0, 256, 256);
  ctx.fillStyle = stripe;
  const band = Math.min(110, 90 / tall);
  for (let i = -2; i < 9; i += 2) {
    ctx.beginPath();
    [[i, 0], [i + 1, 0], [i + 0.5, 1], [i - 0.5, 1]].forEach(([a, b]) => ctx.lineTo((a * 256) / 6, 22 + b * band));
    ctx.fill();
  }
  ctx.strokeStyle = darker(fill, 0.5);
  ctx.lineWidth = 12;
  ctx.strokeRect(0, 0, 256, 256);
  const map = texture(c);
  map.hasAlpha = false;
  const mesh = meshOf(box(1.75, tall, 1), lit({ map, gloss: 0.15 }));
  mesh.isVisible = false;
  return { mesh, tall };
}

// A copy whose foot is its origin.
function copyCrate({ mesh, tall }) {
  const group = new TransformNode('', scene);
  const copy = mesh.createInstance('');
  copy.parent = group;
  copy.position.y = tall / 2;
  copy.casts = true;
  return group;
}
