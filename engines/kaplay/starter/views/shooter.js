// Draws the shooter: the backdrop rushes by, shots glow, everything bursts.
import { k } from './engine.js';
import { createMirror } from './mirror.js';
import { UNIT, color, frameOf, white } from './textures.js';

const HURT = k.rgb('#ff8888');
const FIRE = k.rgb('#ffd27a');

export function createView(stage) {
  const { camera, burst, ripple } = stage;
  let field = { w: 20, h: 12 };
  const px = (x) => x * UNIT;
  const py = (y) => (field.h - y) * UNIT;
  const remove = (thing) => thing.destroy();

  const streaks = Array.from({ length: 34 }, () => stage.sprite('dot', 1, { tint: color.text, opacity: 0.35, scale: k.vec2(1.2, 0.05) }));
  const flames = Array.from({ length: 22 }, (_, i) => stage.light(i % 2 ? color.accent : color.collect, 18, { hidden: true }));
  const hero = stage.sprite('hero', 20);
  const aura = stage.light(color.accent, 17, { scale: 2.2 });
  const shots = createMirror(() => stage.light(color.accent, 15, { scale: k.vec2(1, 0.3) }), remove);
  const cores = createMirror(() => stage.sprite('dot', 16, { scale: k.vec2(0.6, 0.15) }), remove);
  const foes = createMirror((f) => stage.sprite('enemy', 12, { scale: f.kind === 'guard' ? 1.2 : 0.95, flipX: true }), remove);
  const bullets = createMirror(() => stage.sprite('dot', 22, { tint: k.rgb('#ff4d5e'), scale: 0.62 }), remove);
  const bulletCores = createMirror(() => stage.sprite('dot', 23, { tint: k.rgb('#ffe9c9'), scale: 0.34 }), remove);
  const items = createMirror((i) => stage.sprite(i.heart ? 'heart' : 'collect', 14, { scale: 0 }), remove);
  const boss = stage.sprite('enemy', 13, { hidden: true, flipX: true });
  let clock = 0;
  let far = 0;

  for (const s of streaks) Object.assign(s, { along: Math.random(), speed: 700 + Math.random() * 800, tall: Math.random() });
  flames.forEach((f, i) => Object.assign(f, { life: i / flames.length, vx: 0, vy: 0, lit: false }));

  const view = {
    reset(world) {
      for (const mirror of [shots, cores, foes, bullets, bulletCores, items]) mirror.clear();
      field = { w: world.w, h: world.h };
      boss.hidden = true;
      hero.hidden = false;
      view.resize();
    },

    event(e) {
      const x = px(e.x);
      const y = py(e.y);
      if (e.type === 'shoot') burst(x, y, color.accent, 2);
      if (e.type === 'spark') burst(x, y, white, 4);
      if (e.type === 'collect') burst(x, y, color.collect, 10);
      if (e.type === 'power' || e.type === 'heart') burst(x, y, color.accent, 26), ripple(x, y, color.accent, 130);
      if (e.type === 'burst') {
        burst(x, y, color.enemy, e.big ? 60 : 18);
        burst(x, y, FIRE, e.big ? 60 : 12);
        ripple(x, y, color.enemy, e.big ? 380 : 90);
        stage.shake(e.big ? 0.5 : 0.09, e.big ? 0.02 : 0.004);
      }
      if (e.type === 'hurt') burst(x, y, color.hero, 30), stage.shake(0.26, 0.014);
      if (e.type === 'alarm') stage.shake(0.6, 0.004);
      if (e.type === 'lost') hero.hidden = true;
      if (e.type === 'won') stage.flash(0.4);
    },

    frame(world, dt, state) {
      clock += dt;
      far += dt * (state === 'playing' ? 240 : 120);
      stage.backdrop.scroll(far * camera.zoom * 2);
      rush(dt * (state === 'playing' ? 1 : 0.5));
      const p = world.player;
      const bob = state === 'playing' ? 0 : Math.sin(clock * 2) * 0.25;
      hero.moveTo(px(p.x), py(p.y + bob));
      hero.frame = frameOf(clock * 2.2);
      hero.angle = -p.vy * 2;
      hero.scaleTo(1.05 + p.vx * 0.008, 1.05);
      hero.opacity = p.hurt > 0 && Math.sin(clock * 40) > 0 ? 0.35 : 1;
      burn(dt);
      aura.moveTo(hero.pos);
      aura.hidden = hero.hidden;
      aura.opacity = 0.16 + 0.09 * p.power;

      const put = (thing, o) => thing.moveTo(px(o.x), py(o.y));
      shots.sync(world.shots, put);
      cores.sync(world.shots, put);
      bullets.sync(world.bullets, put);
      bulletCores.sync(world.bullets, put);
      foes.sync(world.foes, (s, f) => {
        f.flash -= dt;
        put(s, f);
        s.frame = frameOf(clock * 2 + f.id * 0.3);
        s.color = f.flash > 0 ? HURT : white;
      });
      items.sync(world.items, (s, i) => {
        put(s, i);
        s.scaleTo(Math.min(0.55, s.scale.y + dt * 3));
        s.angle = Math.sin(clock * 4 + i.id) * 14;
      });
      boss.hidden = !world.boss || state === 'won';
      if (!world.boss) return;
      world.boss.flash -= dt;
      put(boss, world.boss);
      boss.frame = frameOf(clock * 1.4);
      boss.scaleTo(3.3 + Math.sin(clock * 3) * 0.08);
      boss.color = world.boss.flash > 0 ? HURT : white;
    },

    toWorld(x, y) {
      const at = stage.point(x, y);
      return { x: at.x / UNIT, y: field.h - at.y / UNIT };
    },

    resize() {
      camera.zoom = Math.min(k.width() / px(field.w), k.height() / px(field.h));
      camera.x = px(field.w / 2);
      camera.y = px(field.h / 2);
    },
  };

  // Streaks that rush by show the speed. They cross the whole window, which may be wider than the field.
  function rush(dt) {
    const wide = k.width() / camera.zoom + 400;
    const tall = k.height() / camera.zoom;
    for (const s of streaks) {
      s.along -= (s.speed * dt) / wide;
      if (s.along < 0) Object.assign(s, { along: 1, tall: Math.random() });
      s.moveTo(camera.x + (s.along - 0.5) * wide, camera.y + (s.tall - 0.5) * tall);
    }
  }

  function burn(dt) {
    for (const f of flames) {
      f.life -= dt / 0.42;
      if (f.life <= 0) {
        f.life += 1;
        f.moveTo(hero.pos.x - px(0.5), hero.pos.y + px(0.02));
        Object.assign(f, { vx: -240 - Math.random() * 180, vy: (Math.random() - 0.5) * 60, lit: !hero.hidden });
      }
      f.hidden = !f.lit;
      f.moveBy(f.vx * dt, f.vy * dt);
      f.scaleTo(0.5 * f.life);
      f.opacity = 0.9 * f.life;
    }
  }

  return view;
}
