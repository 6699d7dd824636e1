// Draws the platformer: tiled ground, walking figures, a camera that runs ahead of the hero.
import { Container, Graphics, Sprite, TilingSprite } from 'pixi.js';
import { number } from './colors.js';
import { createMirror } from './mirror.js';
import { named } from './paint.js';
import { createRandom } from './random.js';
import { createSpring } from './spring.js';
import { UNIT, color, frameOf, palette, textures } from './textures.js';
import theme from './theme.js';

const px = (x) => x * UNIT;
const py = (y) => -y * UNIT; // the world's y points up, the screen's down

export function createView(stage) {
  const { world: scene, camera, burst, ripple } = stage;
  const land = scene.addChild(new Container({ zIndex: 5 }));
  const shadow = scene.addChild(new Graphics({ zIndex: 8 }).ellipse(0, 0, px(0.35), px(0.08)).fill({ color: 0, alpha: 0.28 }));
  const hero = stage.sprite(textures.hero[0], 20);
  const remove = (sprite) => sprite.destroy();
  const items = createMirror((i) => stage.sprite(textures.collect[0], 12, { x: px(i.x), scale: i.dropped ? 0 : 0.62 }), remove);
  const enemies = createMirror(() => stage.sprite(textures.enemy[0], 14), remove);
  const spring = createSpring();
  let portal = null;
  let clock = 0;
  let look = { x: 0, y: 0 };

  function build(world) {
    for (const piece of land.removeChildren()) piece.destroy({ children: true });
    items.clear();
    enemies.clear();
    const rnd = createRandom(3);
    for (const s of world.level.solids) {
      const piece = land.addChild(new Container({ x: px(s.x), y: py(s.top) }));
      piece.reach = { from: s.x - 2, to: s.x + s.w + 2 };
      if (!s.thin) decorate(piece, s, rnd);
      paintSolid(piece, px(s.w), px(s.h), s.thin);
    }
    portal = makePortal(world.portal);
  }

  function paintSolid(piece, w, h, thin) {
    const block = piece.addChild(new TilingSprite({ texture: textures.block, width: w, height: h }));
    block.tileScale.set(0.75);
    const g = piece.addChild(new Graphics());
    if (thin) g.rect(0, h - 6, w, 6).fill({ color: 0, alpha: 0.3 });
    else g.rect(0, 0, w, h).fill({ color: 0, alpha: 0.12 });
    g.roundRect(-6, -3, w + 12, px(0.2), 9).fill(number(named(palette, theme.top)));
    g.rect(-2, -1, w + 4, 4).fill({ color: 0xffffff, alpha: 0.35 });
  }

  // Things that stand about on the ground, behind the play.
  function decorate(piece, s, rnd) {
    for (let x = 0.8; x < s.w - 0.8; x += rnd.range(2.2, 4.5)) {
      const tall = px(rnd.range(1.5, 3.2));
      const prop = piece.addChild(new Sprite({ texture: textures.prop, anchor: { x: 0.5, y: 1 }, x: px(x), y: 4, alpha: 0.92 }));
      prop.setSize(tall);
      if (rnd.chance(0.5)) prop.scale.x *= -1;
    }
  }

  function makePortal(at) {
    const group = land.addChild(new Container({ x: px(at.x), y: py(at.y) }));
    group.reach = { from: at.x - 4, to: at.x + 4 };
    const glow = new Sprite({ texture: textures.dot, anchor: 0.5, tint: color.accent, blendMode: 'add' });
    glow.scale.set(5.4, 6.2);
    const gate = new Graphics().ellipse(0, 0, px(0.7), px(1.05)).fill({ color: 0x0c0a1c, alpha: 0.75 }).stroke({ width: 10, color: color.accent });
    const eye = new Graphics().ellipse(0, 0, px(0.45), px(0.7)).stroke({ width: 6, color: color.collect });
    group.addChild(glow, gate, eye);
    return { glow, gate, eye };
  }

  const view = {
    reset(world) {
      build(world);
      view.resize();
      look = { x: world.player.x + 3, y: world.player.y + 1.5 };
      spring.calm();
      hero.alpha = 1;
      hero.angle = 0;
    },

    event(e, world) {
      const x = px(e.x);
      const y = py(e.y);
      if (e.type === 'jump') spring.kick(5), burst(x, y, 0xffffff, 6, false);
      if (e.type === 'flip') {
        spring.kick(4);
        burst(x, y, color.accent, 12);
        const way = world.player.face;
        stage.over(0.34, (t) => (hero.angle = 360 * way * Math.sin((t * Math.PI) / 2)), () => (hero.angle = 0));
      }
      if (e.type === 'land') spring.kick(-Math.min(7, e.force * 0.4)), burst(x, y, 0xffffff, 5, false);
      if (e.type === 'collect') burst(x, y, color.collect, 14), ripple(x, y, color.collect, 44);
      if (e.type === 'stomp') burst(x, y, color.enemy, 22), stage.shake(0.11, 0.006), spring.kick(6);
      if (e.type === 'hurt') burst(x, y, color.hero, 20), stage.shake(0.24, 0.013);
      if (e.type === 'open') for (let i = 0; i < 3; i++) stage.after(i * 0.16, () => ripple(x, y, color.accent, 150));
      if (e.type === 'won') for (let i = 0; i < 5; i++) stage.after(i * 0.12, () => burst(x + (i - 2) * 60, y - 60, [color.collect, color.accent, color.hero][i % 3], 30));
      if (e.type === 'lost') stage.over(0.9, (t) => ((hero.angle = 540 * t), (hero.alpha = 1 - t)));
    },

    frame(world, dt, state) {
      clock += dt;
      const p = world.player;
      const squash = spring.step(dt);
      const walking = p.onGround && Math.abs(p.vx) > 0.5;
      const breathe = walking ? 0 : Math.sin(clock * 3.4) * 0.02;
      hero.position.set(px(p.x), py(p.y) - px(0.04));
      hero.texture = walking ? frameOf(textures.hero, p.x * 0.55) : textures.hero[p.onGround ? 0 : 2];
      hero.scale.set(p.face * (1 - squash * 0.35 - breathe), 1 + squash * 0.35 + breathe);
      if (state === 'playing') hero.alpha = p.hurt > 0 && Math.sin(clock * 40) > 0 ? 0.35 : 1;
      if (state === 'won') hero.angle += dt * 480;
      placeShadow(world);

      items.sync(world.level.items.filter((i) => !i.taken), (s, i) => {
        const size = Math.min(0.62, s.scale.y + dt * 2);
        s.y = py(i.y + Math.sin(clock * 2.6 + i.x) * 0.1);
        s.scale.set(size * Math.cos(clock * 2.2 + i.x * 0.7), size);
      });
      enemies.sync(world.level.enemies.filter((e) => !e.dead), (s, e) => {
        const sway = Math.sin(clock * 6 + e.from) * 0.03;
        s.position.set(px(e.x), py(e.y + 0.05));
        s.texture = frameOf(textures.enemy, clock * 1.6 + e.from);
        s.scale.set(e.dir * (0.98 + sway), 0.98 - sway);
      });
      const open = world.portal.open;
      portal.glow.alpha = open ? 0.75 + Math.sin(clock * 5) * 0.2 : 0.18;
      portal.gate.scale.set(open ? 1 + Math.sin(clock * 4) * 0.05 : 0.85);
      portal.gate.alpha = open ? 1 : 0.5;
      portal.eye.scale.set(open ? 0.6 + ((clock * 0.8) % 0.6) : 0.5);
      portal.eye.alpha = open ? 1 : 0.25;
      moveCamera(world, dt, state);
    },

    toWorld: (x, y) => ({ x, y }),

    resize() {
      const { width, height } = stage.screen;
      camera.zoom = Math.min(height / 10.5, Math.max(width / 17, height / 19)) / UNIT;
    },
  };

  function placeShadow(world) {
    const p = world.player;
    let top = -Infinity;
    for (const s of world.level.solids) if (p.x > s.x && p.x < s.x + s.w && s.top <= p.y && s.top > top) top = s.top;
    const gap = p.y - top;
    shadow.visible = gap < 6;
    if (!shadow.visible) return;
    shadow.position.set(px(p.x), py(top) - 2);
    shadow.scale.set(Math.max(0.3, 1 - gap * 0.14));
  }

  function moveCamera(world, dt, state) {
    const p = world.player;
    const wide = stage.screen.width / camera.zoom / UNIT;
    const tall = stage.screen.height / camera.zoom / UNIT;
    const ahead = state === 'title' ? 4 + Math.sin(clock * 0.3) * 2 : Math.min(2.6, wide * 0.14) * p.face;
    const ease = 1 - Math.exp(-dt * 4);
    look.x += (p.x + ahead - look.x) * ease;
    look.y += (Math.max(p.y, -1) + 1 - look.y) * ease * 0.8;
    const x = Math.max(world.level.left + wide / 2, Math.min(world.level.right - wide / 2, look.x));
    const y = Math.max(tall / 2 - 3.4, look.y);
    camera.x = px(x);
    camera.y = py(y);
    for (const piece of land.children) piece.visible = piece.reach.to > x - wide / 2 && piece.reach.from < x + wide / 2;
    stage.backdrop.scroll(x * UNIT * camera.zoom);
  }

  return view;
}
