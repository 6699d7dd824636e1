// Draws the shooter in depth: solid foes that turn as they fly, glowing shots, a light that travels with the hero.
import { grow, tint, turn } from './app.js';
import { roles } from './colors.js';
import { createFigure, createLook, walk } from './figure.js';
import { flat, glow, meshFrom, palette, show } from './materials.js';
import { createMirror } from './mirror.js';
import { box, figureSolids } from './solid.js';
import { addLight } from './stage.js';
import collectFigure from './figures/collect.js';
import enemyFigure from './figures/enemy.js';
import heartFigure from './figures/heart.js';
import heroFigure from './figures/hero.js';

export function createView(stage) {
  const { eye, burst } = stage;
  const look = {
    enemy: createLook(enemyFigure, roles(palette.enemy, palette.accent)),
    collect: createLook(collectFigure, roles(palette.collect, palette.accent)),
    heart: createLook(heartFigure, roles('#ff4d6d', '#ffffff')),
  };
  const hero = createFigure(createLook(heroFigure, roles(palette.hero, palette.accent)));
  const boss = createFigure(look.enemy);
  const lamp = addLight({ type: 'omni', color: tint(palette.accent), intensity: 1.6, range: 9 });
  const aura = glow(palette.accent, 2.4);
  const flame = glow(palette.collect, 1);

  const pill = (w, h) => meshFrom(figureSolids([{ shape: 'ball', at: [0, 0], size: [w, h], depth: h, fill: '#ffffff' }], {}).still);
  const [beam, bead] = [pill(0.75, 0.18), pill(0.4, 0.4)];
  const [beamLook, beadLook] = [flat({ color: palette.accent }), flat({ color: '#ff5a4d' })];
  const remove = (thing) => thing.destroy();
  const shots = createMirror(() => show(beam, beamLook, { shadow: false }), remove);
  const bullets = createMirror(() => {
    const shot = show(bead, beadLook, { shadow: false });
    glow('#ff5a4d', 0.95, shot);
    return shot;
  }, remove);
  const foes = createMirror(() => createFigure(look.enemy), remove);
  const items = createMirror((i) => createFigure(i.heart ? look.heart : look.collect), remove);
  const dust = createDust();
  let field = { w: 20, h: 12 };
  let clock = 0;
  let far = 0;
  let bank = 0;

  const view = {
    reset(world) {
      [shots, bullets, foes, items].forEach((m) => m.clear());
      field = { w: world.w, h: world.h };
      boss.enabled = false;
      hero.enabled = true;
      view.resize();
    },

    event(e) {
      const at = [e.x, e.y, 0.2];
      if (e.type === 'shoot') burst(...at, palette.accent, 2, 2);
      if (e.type === 'spark') burst(...at, '#ffffff', 4, 3);
      if (e.type === 'collect') burst(...at, palette.collect, 10, 4);
      if (e.type === 'power' || e.type === 'heart') burst(...at, palette.accent, 30, 7);
      if (e.type === 'burst') {
        burst(...at, palette.enemy, e.big ? 90 : 18, e.big ? 11 : 6);
        burst(...at, '#ffd27a', e.big ? 60 : 10, e.big ? 8 : 5);
        stage.shake(e.big ? 0.7 : 0.12);
      }
      if (e.type === 'hurt') burst(...at, palette.hero, 34, 7), stage.shake(0.6);
      if (e.type === 'alarm') stage.shake(0.4);
      if (e.type === 'lost') hero.enabled = false;
    },

    frame(world, dt, state) {
      clock += dt;
      far += dt * (state === 'playing' ? 7 : 3.5);
      stage.backdrop.scroll(far * 1.6);
      dust(dt * (state === 'playing' ? 1 : 0.5), field);
      placeHero(world.player, dt, state);

      const put = (g, o) => g.setLocalPosition(o.x, o.y, 0);
      shots.sync(world.shots, put);
      bullets.sync(world.bullets, put);
      foes.sync(world.foes, (g, f) => {
        f.flash -= dt;
        put(g, f);
        walk(g, clock * 12 + f.id);
        turn(g, 0, -0.4 + Math.sin(clock * 2 + f.id) * 0.3, Math.sin(clock * 3 + f.id) * 0.12);
        const size = (f.kind === 'guard' ? 1.3 : 1.05) * (f.flash > 0 ? 1.22 : 1);
        g.setLocalScale(-size, size, size);
      });
      items.sync(world.items, (g, i) => {
        put(g, i);
        turn(g, 0, clock * 3 + i.id, 0);
        grow(g, 0.62);
      });
      boss.enabled = !!world.boss && state !== 'won';
      if (!world.boss) return;
      world.boss.flash -= dt;
      put(boss, world.boss);
      walk(boss, clock * 8);
      turn(boss, Math.sin(clock) * 0.15, -0.45 + Math.sin(clock * 0.9) * 0.25, 0);
      const size = 3.4 + (world.boss.flash > 0 ? 0.14 : 0) + Math.sin(clock * 3) * 0.06;
      boss.setLocalScale(-size, size, size);
    },

    toWorld: (x, y) => stage.point(x, y),

    resize() {
      const [x, y] = [field.w / 2, field.h / 2];
      eye.set(x, y, stage.distance(field.w, field.h));
      stage.look(x, y, 0);
      stage.reach(eye.z + 10);
    },
  };

  function placeHero(p, dt, state) {
    const bob = state === 'playing' ? 0 : Math.sin(clock * 2) * 0.25;
    bank += (p.vy * 0.06 - bank) * Math.min(1, dt * 10);
    walk(hero, clock * 12);
    hero.setLocalPosition(p.x, p.y + bob, 0);
    turn(hero, -bank, 0.3, bank * 0.5);
    grow(hero, 1.15);
    if (state === 'playing') hero.enabled = !(p.hurt > 0 && Math.sin(clock * 40) > 0.2);
    for (const light of [lamp, aura, flame]) light.enabled = state !== 'lost';
    lamp.setLocalPosition(p.x + 0.6, p.y, 1.6);
    aura.setLocalPosition(p.x, p.y + bob, -0.6);
    aura.fade(0.12 + 0.08 * p.power);
    flame.setLocalPosition(p.x - 0.85, p.y + bob - 0.02, 0.1);
    flame.setLocalScale(1.5 + Math.random() * 0.5, 0.5 + Math.random() * 0.14, 1);
  }

  return view;
}

// Streaks that rush by show the speed.
function createDust() {
  const mesh = meshFrom(box(1.1, 0.022, 0.022));
  const look = flat({ color: palette.text, fades: true });
  const streaks = Array.from({ length: 40 }, () => ({ entity: show(mesh, look, { shadow: false }), x: Math.random() * 40 - 8, y: Math.random(), z: -6 + Math.random() * 5, v: 9 + Math.random() * 16 }));
  for (const d of streaks) d.entity.fade(0.35);
  return (dt, field) => {
    for (const d of streaks) {
      d.x -= d.v * dt;
      if (d.x < -9) Object.assign(d, { x: field.w + 9, y: Math.random() });
      d.entity.setLocalPosition(d.x, d.y * (field.h + 8) - 4, d.z);
    }
  };
}
