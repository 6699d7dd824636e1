// Draws the platformer: tiled ground, walking figures, a camera that runs ahead of the hero.
import { steady } from './motion.js';
import { number } from './colors.js';
import { createMirror } from './mirror.js';
import { named } from './paint.js';
import { createRandom } from './random.js';
import { createSpring } from './spring.js';
import { UNIT, color, createBursts, frameOf, palette, ripple } from './stage.js';
import theme from './theme.js';

const px = (x) => x * UNIT;
const py = (y) => -y * UNIT; // the world's y points up, the screen's down

export function createView(scene, backdrop) {
  const cam = scene.cameras.main;
  const burst = createBursts(scene);
  const land = scene.add.group();
  const shadow = scene.add.ellipse(0, 0, px(0.7), px(0.16), 0x000000, 0.28).setDepth(8);
  const hero = scene.add.sprite(0, 0, 'hero').setDepth(20);
  const items = createMirror(
    (i) => scene.add.image(px(i.x), py(i.y), 'collect').setScale(i.dropped ? 0 : 0.62).setDepth(12),
    (sprite) => sprite.destroy(),
  );
  const enemies = createMirror((e) => scene.add.sprite(px(e.x), py(e.y), 'enemy').setDepth(14), (sprite) => sprite.destroy());
  let portal = null;
  let clock = 0;
  let look = { x: 0, y: 0 };
  const spring = createSpring();

  function build(world) {
    land.clear(true, true);
    items.clear();
    enemies.clear();
    const rnd = createRandom(3);
    for (const s of world.level.solids) {
      const top = number(named(palette, theme.top));
      if (!s.thin) decorate(s, rnd);
      land.add(scene.add.tileSprite(px(s.x), py(s.top), px(s.w), px(s.h), 'block').setOrigin(0).setTileScale(0.75).setDepth(5));
      if (s.thin) land.add(scene.add.rectangle(px(s.x), py(s.top - s.h), px(s.w), 6, 0x000000, 0.3).setOrigin(0, 1).setDepth(6));
      else land.add(scene.add.rectangle(px(s.x), py(s.top), px(s.w), px(s.h), 0x000000, 0.12).setOrigin(0).setDepth(5));
      land.add(scene.add.rectangle(px(s.x) - 6, py(s.top) - 3, px(s.w) + 12, px(0.2), top).setOrigin(0).setRounded(9).setDepth(7));
      land.add(scene.add.rectangle(px(s.x) - 2, py(s.top) - 1, px(s.w) + 4, 4, 0xffffff, 0.35).setOrigin(0).setDepth(7));
    }
    portal = makePortal(world.portal);
  }

  // Things that stand about on the ground, behind the play.
  function decorate(s, rnd) {
    for (let x = s.x + 0.8; x < s.x + s.w - 0.8; x += rnd.range(2.2, 4.5)) {
      const tall = rnd.range(1.5, 3.2);
      const image = scene.add.image(px(x), py(s.top) + 4, 'prop').setOrigin(0.5, 1).setDisplaySize(px(tall), px(tall)).setDepth(2);
      land.add(image.setFlipX(rnd.chance(0.5)).setAlpha(0.92));
    }
  }

  function makePortal(at) {
    const parts = [
      scene.add.image(px(at.x), py(at.y), 'dot').setScale(5.4, 6.2).setTint(color.accent).setBlendMode('ADD').setAlpha(0.5),
      scene.add.ellipse(px(at.x), py(at.y), px(1.4), px(2.1), number('#0c0a1c'), 0.75).setStrokeStyle(10, color.accent),
      scene.add.ellipse(px(at.x), py(at.y), px(0.9), px(1.4)).setStrokeStyle(6, color.collect),
    ];
    parts.forEach((p) => land.add(p.setDepth(9)));
    return parts;
  }

  const view = {
    reset(world) {
      build(world);
      view.resize();
      look = { x: world.player.x + 3, y: world.player.y + 1.5 };
      spring.calm();
      hero.setAlpha(1).setAngle(0);
    },

    event(e, world) {
      const x = px(e.x);
      const y = py(e.y);
      if (e.type === 'jump') spring.kick(5), burst(x, y, 0xffffff, 6, false);
      if (e.type === 'flip') {
        spring.kick(4);
        burst(x, y, color.accent, 12);
        scene.tweens.add({ targets: hero, angle: { from: 0, to: 360 * world.player.face }, duration: 340, ease: 'Sine.out' });
      }
      if (e.type === 'land') spring.kick(-Math.min(7, e.force * 0.4)), burst(x, y, 0xffffff, 5, false);
      if (e.type === 'collect') burst(x, y, color.collect, 14), ripple(scene, x, y, color.collect, 44);
      if (e.type === 'stomp') burst(x, y, color.enemy, 22), cam.shake(110, steady(0.006)), spring.kick(6);
      if (e.type === 'hurt') burst(x, y, color.hero, 20), cam.shake(240, steady(0.013));
      if (e.type === 'open') for (let i = 0; i < 3; i++) scene.time.delayedCall(i * 160, () => ripple(scene, x, y, color.accent, 150));
      if (e.type === 'won') for (let i = 0; i < 5; i++) scene.time.delayedCall(i * 120, () => burst(x + (i - 2) * 60, y - 60, [color.collect, color.accent, color.hero][i % 3], 30));
      if (e.type === 'lost') scene.tweens.add({ targets: hero, angle: 540, alpha: 0, duration: 900 });
    },

    frame(world, dt, state) {
      clock += dt;
      const p = world.player;
      const squash = spring.step(dt);
      const walking = p.onGround && Math.abs(p.vx) > 0.5;
      const breathe = walking ? 0 : Math.sin(clock * 3.4) * 0.02;
      hero.setPosition(px(p.x), py(p.y) - px(0.04)).setFlipX(p.face < 0).setFrame(walking ? frameOf(p.x * 0.55) : p.onGround ? 0 : 2);
      hero.setScale(1 - squash * 0.35 - breathe, 1 + squash * 0.35 + breathe);
      if (state === 'playing') hero.setAlpha(p.hurt > 0 && Math.sin(clock * 40) > 0 ? 0.35 : 1);
      if (state === 'won') hero.setScale(hero.scaleX * 0.94).setAngle(hero.angle + 8);
      placeShadow(world);

      items.sync(world.level.items.filter((i) => !i.taken), (s, i) => {
        s.y = py(i.y + Math.sin(clock * 2.6 + i.x) * 0.1);
        s.scaleY = Math.min(0.62, s.scaleY + dt * 2);
        s.scaleX = s.scaleY * Math.cos(clock * 2.2 + i.x * 0.7);
      });
      enemies.sync(world.level.enemies.filter((e) => !e.dead), (s, e) => {
        s.setPosition(px(e.x), py(e.y + 0.05)).setFlipX(e.dir < 0).setFrame(frameOf(clock * 1.6 + e.from));
        s.setScale(0.98 + Math.sin(clock * 6 + e.from) * 0.03, 0.98 - Math.sin(clock * 6 + e.from) * 0.03);
      });
      const open = world.portal.open;
      portal[0].setAlpha(open ? 0.75 + Math.sin(clock * 5) * 0.2 : 0.18);
      portal[1].setScale(open ? 1 + Math.sin(clock * 4) * 0.05 : 0.85).setAlpha(open ? 1 : 0.5);
      portal[2].setScale(open ? 0.6 + ((clock * 0.8) % 0.6) : 0.5).setAlpha(open ? 1 : 0.25);
      moveCamera(world, dt, state);
    },

    toWorld: (x, y) => ({ x, y }),

    resize() {
      const { width, height } = scene.scale;
      cam.setZoom(Math.min(height / 10.5, Math.max(width / 17, height / 19)) / UNIT);
    },
  };

  function placeShadow(world) {
    const p = world.player;
    let top = -Infinity;
    for (const s of world.level.solids) if (p.x > s.x && p.x < s.x + s.w && s.top <= p.y && s.top > top) top = s.top;
    const gap = p.y - top;
    shadow.setPosition(px(p.x), py(top) - 2).setVisible(gap < 6).setScale(Math.max(0.3, 1 - gap * 0.14));
  }

  function moveCamera(world, dt, state) {
    const p = world.player;
    const wide = cam.width / cam.zoom / UNIT;
    const tall = cam.height / cam.zoom / UNIT;
    const ahead = state === 'title' ? 4 + Math.sin(clock * 0.3) * 2 : Math.min(2.6, wide * 0.14) * p.face;
    const ease = 1 - Math.exp(-dt * 4);
    look.x += (p.x + ahead - look.x) * ease;
    look.y += (Math.max(p.y, -1) + 1 - look.y) * ease * 0.8;
    const x = Math.max(world.level.left + wide / 2, Math.min(world.level.right - wide / 2, look.x));
    const y = Math.max(tall / 2 - 3.4, look.y);
    cam.centerOn(px(x), py(y));
    backdrop.scroll(x * UNIT * cam.zoom);
  }

  return view;
}
