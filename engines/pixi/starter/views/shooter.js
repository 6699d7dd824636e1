// Draws the shooter: the backdrop rushes by, shots glow, everything bursts.
import { createMirror } from './mirror.js';
import { UNIT, color, frameOf, textures } from './textures.js';

export function createView(stage) {
  const { camera, burst, ripple } = stage;
  let field = { w: 20, h: 12 };
  const px = (x) => x * UNIT;
  const py = (y) => (field.h - y) * UNIT;
  const remove = (sprite) => sprite.destroy();

  const streaks = Array.from({ length: 34 }, () => stage.sprite(textures.dot, 1, { tint: color.text, alpha: 0.35, scale: { x: 1.2, y: 0.05 } }));
  const flames = Array.from({ length: 22 }, (_, i) => stage.light(i % 2 ? color.accent : color.collect, 18, { visible: false }));
  const hero = stage.sprite(textures.hero[0], 20);
  const aura = stage.light(color.accent, 17, { scale: 2.2 });
  const shots = createMirror(() => stage.light(color.accent, 15, { scale: { x: 1, y: 0.3 } }), remove);
  const cores = createMirror(() => stage.sprite(textures.dot, 16, { scale: { x: 0.6, y: 0.15 } }), remove);
  const foes = createMirror(() => stage.sprite(textures.enemy[0], 12), remove);
  const bullets = createMirror(() => stage.sprite(textures.dot, 22, { tint: 0xff4d5e, scale: 0.62 }), remove);
  const bulletCores = createMirror(() => stage.sprite(textures.dot, 23, { tint: 0xffe9c9, scale: 0.34 }), remove);
  const items = createMirror((i) => stage.sprite(textures[i.heart ? 'heart' : 'collect'][0], 14, { scale: 0 }), remove);
  const boss = stage.sprite(textures.enemy[0], 13, { visible: false });
  let clock = 0;
  let far = 0;

  for (const s of streaks) Object.assign(s, { along: Math.random(), speed: 700 + Math.random() * 800, height: Math.random() });
  flames.forEach((f, i) => Object.assign(f, { life: i / flames.length }));

  const view = {
    reset(world) {
      for (const mirror of [shots, cores, foes, bullets, bulletCores, items]) mirror.clear();
      field = { w: world.w, h: world.h };
      boss.visible = false;
      hero.visible = true;
      view.resize();
    },

    event(e) {
      const x = px(e.x);
      const y = py(e.y);
      if (e.type === 'shoot') burst(x, y, color.accent, 2);
      if (e.type === 'spark') burst(x, y, 0xffffff, 4);
      if (e.type === 'collect') burst(x, y, color.collect, 10);
      if (e.type === 'power' || e.type === 'heart') burst(x, y, color.accent, 26), ripple(x, y, color.accent, 130);
      if (e.type === 'burst') {
        burst(x, y, color.enemy, e.big ? 60 : 18);
        burst(x, y, 0xffd27a, e.big ? 60 : 12);
        ripple(x, y, color.enemy, e.big ? 380 : 90);
        stage.shake(e.big ? 0.5 : 0.09, e.big ? 0.02 : 0.004);
      }
      if (e.type === 'hurt') burst(x, y, color.hero, 30), stage.shake(0.26, 0.014);
      if (e.type === 'alarm') stage.shake(0.6, 0.004);
      if (e.type === 'lost') hero.visible = false;
      if (e.type === 'won') stage.flash(0.4);
    },

    frame(world, dt, state) {
      clock += dt;
      far += dt * (state === 'playing' ? 240 : 120);
      stage.backdrop.scroll(far * camera.zoom * 2);
      rush(dt * (state === 'playing' ? 1 : 0.5));
      const p = world.player;
      const bob = state === 'playing' ? 0 : Math.sin(clock * 2) * 0.25;
      hero.position.set(px(p.x), py(p.y + bob));
      hero.texture = frameOf(textures.hero, clock * 2.2);
      hero.rotation = -p.vy * 0.035;
      hero.scale.set(1.05 + p.vx * 0.008, 1.05);
      hero.alpha = p.hurt > 0 && Math.sin(clock * 40) > 0 ? 0.35 : 1;
      burn(dt);
      aura.position.copyFrom(hero.position);
      aura.visible = hero.visible;
      aura.alpha = 0.16 + 0.09 * p.power;

      const put = (s, o) => s.position.set(px(o.x), py(o.y));
      shots.sync(world.shots, put);
      cores.sync(world.shots, put);
      bullets.sync(world.bullets, put);
      bulletCores.sync(world.bullets, put);
      foes.sync(world.foes, (s, f) => {
        f.flash -= dt;
        put(s, f);
        const size = f.kind === 'guard' ? 1.2 : 0.95;
        s.texture = frameOf(textures.enemy, clock * 2 + f.id * 0.3);
        s.scale.set(-size, size);
        s.tint = f.flash > 0 ? 0xff8888 : 0xffffff;
      });
      items.sync(world.items, (s, i) => {
        put(s, i);
        s.scale.set(Math.min(0.55, s.scale.y + dt * 3));
        s.angle = Math.sin(clock * 4 + i.id) * 14;
      });
      boss.visible = !!world.boss && state !== 'won';
      if (!world.boss) return;
      world.boss.flash -= dt;
      put(boss, world.boss);
      const size = 3.3 + Math.sin(clock * 3) * 0.08;
      boss.texture = frameOf(textures.enemy, clock * 1.4);
      boss.scale.set(-size, size);
      boss.tint = world.boss.flash > 0 ? 0xff8888 : 0xffffff;
    },

    toWorld(x, y) {
      const at = stage.point(x, y);
      return { x: at.x / UNIT, y: field.h - at.y / UNIT };
    },

    resize() {
      const { width, height } = stage.screen;
      camera.zoom = Math.min(width / px(field.w), height / px(field.h));
      camera.x = px(field.w / 2);
      camera.y = px(field.h / 2);
    },
  };

  // Streaks that rush by show the speed. They cross the whole window, which may be wider than the field.
  function rush(dt) {
    const wide = stage.screen.width / camera.zoom + 400;
    const tall = stage.screen.height / camera.zoom;
    for (const s of streaks) {
      s.along -= (s.speed * dt) / wide;
      if (s.along < 0) Object.assign(s, { along: 1, height: Math.random() });
      s.position.set(camera.x + (s.along - 0.5) * wide, camera.y + (s.height - 0.5) * tall);
    }
  }

  function burn(dt) {
    for (const f of flames) {
      f.life -= dt / 0.42;
      if (f.life <= 0) {
        f.life += 1;
        f.position.set(hero.x - px(0.5), hero.y + px(0.02));
        Object.assign(f, { vx: -240 - Math.random() * 180, vy: (Math.random() - 0.5) * 60, lit: hero.visible });
      }
      f.visible = !!f.lit;
      if (!f.lit) continue;
      f.x += f.vx * dt;
      f.y += f.vy * dt;
      f.scale.set(0.5 * f.life);
      f.alpha = 0.9 * f.life;
    }
  }

  return view;
}
