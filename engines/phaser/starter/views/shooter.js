// Draws the shooter: the backdrop rushes by, shots glow, everything bursts.
import { steady } from './motion.js';
import { createMirror } from './mirror.js';
import { UNIT, color, createBursts, frameOf, ripple } from './stage.js';

export function createView(scene, backdrop) {
  const cam = scene.cameras.main;
  const burst = createBursts(scene);
  let tall = 12;
  let field = { w: 20, h: 12 };
  const px = (x) => x * UNIT;
  const py = (y) => (tall - y) * UNIT;
  const remove = (sprite) => sprite.destroy();

  const speedLines = scene.add.particles(0, 0, 'dot', {
    x: { onEmit: () => px(field.w + 3) }, y: { onEmit: () => Math.random() * px(field.h) },
    speedX: { min: -1500, max: -700 }, scaleX: 1.2, scaleY: 0.05, alpha: 0.35, lifespan: 3600, frequency: 90, advance: 3000, tint: color.text,
  });
  const flame = scene.add.particles(0, 0, 'dot', {
    speedX: { min: -420, max: -240 }, speedY: { min: -30, max: 30 }, scale: { start: 0.5, end: 0 }, alpha: { start: 0.9, end: 0 },
    lifespan: 420, frequency: 18, tint: [color.accent, color.collect], blendMode: 'ADD',
  }).setDepth(18);
  const hero = scene.add.sprite(0, 0, 'hero').setDepth(20);
  const aura = scene.add.image(0, 0, 'dot').setTint(color.accent).setBlendMode('ADD').setAlpha(0.35).setScale(2.2).setDepth(17);
  const shots = createMirror(() => scene.add.image(0, 0, 'dot').setTint(color.accent).setBlendMode('ADD').setScale(1, 0.3).setDepth(15), remove);
  const cores = createMirror(() => scene.add.image(0, 0, 'dot').setScale(0.6, 0.15).setDepth(16), remove);
  const foes = createMirror(() => scene.add.sprite(0, 0, 'enemy').setDepth(12), remove);
  const bullets = createMirror(() => scene.add.image(0, 0, 'dot').setTint(0xff4d5e).setScale(0.62).setDepth(22), remove);
  const bulletCores = createMirror(() => scene.add.image(0, 0, 'dot').setTint(0xffe9c9).setScale(0.34).setDepth(23), remove);
  const items = createMirror((i) => scene.add.sprite(0, 0, i.heart ? 'heart' : 'collect').setDepth(14).setScale(0), remove);
  const boss = scene.add.sprite(0, 0, 'enemy').setDepth(13).setVisible(false);
  let clock = 0;
  let far = 0;

  const view = {
    reset(world) {
      for (const mirror of [shots, cores, foes, bullets, bulletCores, items]) mirror.clear();
      field = { w: world.w, h: world.h };
      tall = world.h;
      boss.setVisible(false);
      hero.setVisible(true).setAngle(0);
      view.resize();
    },

    event(e) {
      const x = px(e.x);
      const y = py(e.y);
      if (e.type === 'shoot') burst(x, y, color.accent, 2);
      if (e.type === 'spark') burst(x, y, 0xffffff, 4);
      if (e.type === 'collect') burst(x, y, color.collect, 10);
      if (e.type === 'power' || e.type === 'heart') burst(x, y, color.accent, 26), ripple(scene, x, y, color.accent, 130);
      if (e.type === 'burst') {
        burst(x, y, color.enemy, e.big ? 60 : 18);
        burst(x, y, 0xffd27a, e.big ? 60 : 12);
        ripple(scene, x, y, color.enemy, e.big ? 380 : 90);
        cam.shake(e.big ? 500 : 90, steady(e.big ? 0.02 : 0.004));
      }
      if (e.type === 'hurt') burst(x, y, color.hero, 30), cam.shake(260, steady(0.014));
      if (e.type === 'alarm') cam.shake(600, steady(0.004));
      if (e.type === 'lost') hero.setVisible(false);
      if (e.type === 'won') cam.flash(400, 255, 255, 255);
    },

    frame(world, dt, state) {
      clock += dt;
      far += dt * (state === 'playing' ? 240 : 120);
      backdrop.scroll(far * cam.zoom * 2);
      const p = world.player;
      const bob = state === 'playing' ? 0 : Math.sin(clock * 2) * 0.25;
      hero.setPosition(px(p.x), py(p.y + bob)).setFrame(frameOf(clock * 2.2)).setRotation(-p.vy * 0.035);
      hero.setScale(1.05 + p.vx * 0.008, 1.05).setAlpha(p.hurt > 0 && Math.sin(clock * 40) > 0 ? 0.35 : 1);
      flame.setPosition(hero.x - px(0.5), hero.y + px(0.02));
      flame.emitting = hero.visible;
      aura.setPosition(hero.x, hero.y).setVisible(hero.visible).setAlpha(0.16 + 0.09 * p.power);

      const put = (s, o) => s.setPosition(px(o.x), py(o.y));
      shots.sync(world.shots, put);
      cores.sync(world.shots, put);
      bullets.sync(world.bullets, put);
      bulletCores.sync(world.bullets, put);
      foes.sync(world.foes, (s, f) => {
        f.flash -= dt;
        put(s, f).setFrame(frameOf(clock * 2 + f.id * 0.3)).setFlipX(true).setScale(f.kind === 'guard' ? 1.2 : 0.95);
        tintFlash(s, f.flash > 0);
      });
      items.sync(world.items, (s, i) => put(s, i).setScale(Math.min(0.55, s.scale + dt * 3)).setAngle(Math.sin(clock * 4 + i.id) * 14));
      boss.setVisible(!!world.boss && state !== 'won');
      if (!world.boss) return;
      world.boss.flash -= dt;
      put(boss, world.boss).setFrame(frameOf(clock * 1.4)).setFlipX(true).setScale(3.3 + Math.sin(clock * 3) * 0.08);
      tintFlash(boss, world.boss.flash > 0);
    },

    toWorld: (x, y) => ({ x: (x * density() - cam.width / 2) / cam.zoom / UNIT + field.w / 2, y: tall / 2 - (y * density() - cam.height / 2) / cam.zoom / UNIT }),

    resize() {
      cam.setZoom(Math.min(cam.width / px(field.w), cam.height / px(field.h)));
      cam.centerOn(px(field.w / 2), py(field.h / 2));
    },
  };

  const density = () => cam.width / window.innerWidth;

  function tintFlash(sprite, on) {
    if (sprite.lit === on) return;
    sprite.lit = on;
    if (on) sprite.setTint(0xff8888);
    else sprite.clearTint();
  }

  speedLines.setDepth(1);
  return view;
}
