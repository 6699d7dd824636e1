// Draws the platformer: tiled ground, walking figures, a camera that runs ahead of the hero.
import { k } from './engine.js';
import { createMirror } from './mirror.js';
import { canvas, named, paintBlock } from './paint.js';
import { createRandom } from './random.js';
import { createSpring } from './spring.js';
import { UNIT, addPicture, color, draw, frameOf, palette, white } from './textures.js';
import theme from './theme.js';

const px = (x) => x * UNIT;
const py = (y) => -y * UNIT; // the world's y points up, the screen's down

const TILE = 4; // blocks to a side of the picture that the ground is tiled with: few large tiles draw faster
const black = k.rgb(0, 0, 0);
const shade = k.rgb(224, 224, 224);

export function createView(stage) {
  const { camera, burst, ripple } = stage;
  paintGround();
  paintGate();

  const shadow = stage.sprite('dot', 8, { tint: black, opacity: 0.45 });
  const hero = stage.sprite('hero', 20);
  const remove = (thing) => thing.destroy();
  const items = createMirror((i) => stage.sprite('collect', 12, { x: px(i.x), scale: i.dropped ? 0 : 0.62 }), remove);
  const enemies = createMirror(() => stage.sprite('enemy', 14), remove);
  const spring = createSpring();
  let land = []; // { from, to, things }: what stands there is drawn only when it can be seen
  let portal = null;
  let clock = 0;
  let look = { x: 0, y: 0 };

  function build(world) {
    for (const piece of land) piece.things.forEach(remove);
    items.clear();
    enemies.clear();
    const rnd = createRandom(3);
    land = world.level.solids.map((s) => {
      const things = s.thin ? [] : decorate(s, rnd);
      things.push(makeSolid(px(s.x), py(s.top), px(s.w), px(s.h), s.thin));
      return { from: s.x - 2, to: s.x + s.w + 2, things };
    });
    portal = makePortal(world.portal);
    land.push({ from: world.portal.x - 4, to: world.portal.x + 4, things: Object.values(portal) });
  }

  function makeSolid(x, y, w, h, thin) {
    const drawTiles = () => {
      for (let left = 0; left < w; left += px(TILE)) {
        for (let top = 0; top < h; top += px(TILE)) {
          const [width, height] = [Math.min(px(TILE), w - left), Math.min(px(TILE), h - top)];
          const quad = k.quad(0, 0, width / px(TILE), height / px(TILE));
          k.drawSprite({ sprite: 'ground', pos: k.vec2(left, top), quad, width, height, color: thin ? white : shade });
        }
      }
      if (thin) k.drawRect({ pos: k.vec2(0, h - 6), width: w, height: 6, color: black, opacity: 0.3 });
    };
    const solid = k.add([k.pos(x, y), k.z(5), { draw: drawTiles }]);
    solid.add([k.sprite('turf', { width: w + 12, height: px(0.2) }), k.pos(-6, -3)]);
    return solid;
  }

  // Things that stand about on the ground, behind the play.
  function decorate(s, rnd) {
    const things = [];
    for (let x = s.x + 0.8; x < s.x + s.w - 0.8; x += rnd.range(2.2, 4.5)) {
      const scale = px(rnd.range(1.5, 3.2)) / 256;
      things.push(stage.sprite('prop', 4, { x: px(x), y: py(s.top) + 4, anchor: 'bot', opacity: 0.92, scale, flipX: rnd.chance(0.5) }));
    }
    return things;
  }

  function makePortal(at) {
    const place = { x: px(at.x), y: py(at.y) };
    return {
      glow: stage.light(color.accent, 9, { ...place, scale: k.vec2(5.4, 6.2) }),
      gate: stage.sprite('gate', 10, place),
      eye: stage.sprite('eye', 11, place),
    };
  }

  const view = {
    reset(world) {
      build(world);
      view.resize();
      look = { x: world.player.x + 3, y: world.player.y + 1.5 };
      spring.calm();
      hero.opacity = 1;
      hero.angle = 0;
    },

    event(e, world) {
      const x = px(e.x);
      const y = py(e.y);
      if (e.type === 'jump') spring.kick(5), burst(x, y, white, 6, false);
      if (e.type === 'flip') {
        spring.kick(4);
        burst(x, y, color.accent, 12);
        const way = world.player.face;
        stage.over(0.34, (t) => (hero.angle = 360 * way * Math.sin((t * Math.PI) / 2)), () => (hero.angle = 0));
      }
      if (e.type === 'land') spring.kick(-Math.min(7, e.force * 0.4)), burst(x, y, white, 5, false);
      if (e.type === 'collect') burst(x, y, color.collect, 14), ripple(x, y, color.collect, 44);
      if (e.type === 'stomp') burst(x, y, color.enemy, 22), stage.shake(0.11, 0.006), spring.kick(6);
      if (e.type === 'hurt') burst(x, y, color.hero, 20), stage.shake(0.24, 0.013);
      if (e.type === 'open') for (let i = 0; i < 3; i++) stage.after(i * 0.16, () => ripple(x, y, color.accent, 150));
      if (e.type === 'won') for (let i = 0; i < 5; i++) stage.after(i * 0.12, () => burst(x + (i - 2) * 60, y - 60, [color.collect, color.accent, color.hero][i % 3], 30));
      if (e.type === 'lost') stage.over(0.9, (t) => ((hero.angle = 540 * t), (hero.opacity = 1 - t)));
    },

    frame(world, dt, state) {
      clock += dt;
      const p = world.player;
      const squash = spring.step(dt);
      const walking = p.onGround && Math.abs(p.vx) > 0.5;
      const breathe = walking ? 0 : Math.sin(clock * 3.4) * 0.02;
      hero.moveTo(px(p.x), py(p.y) - px(0.04));
      hero.frame = walking ? frameOf(p.x * 0.55) : p.onGround ? 0 : 2;
      hero.flipX = p.face < 0;
      hero.scaleTo(1 - squash * 0.35 - breathe, 1 + squash * 0.35 + breathe);
      if (state === 'playing') hero.opacity = p.hurt > 0 && Math.sin(clock * 40) > 0 ? 0.35 : 1;
      if (state === 'won') hero.angle += dt * 480;
      placeShadow(world);

      items.sync(world.level.items.filter((i) => !i.taken), (s, i) => {
        const size = Math.min(0.62, s.scale.y + dt * 2);
        s.pos.y = py(i.y + Math.sin(clock * 2.6 + i.x) * 0.1);
        s.scaleTo(size * Math.cos(clock * 2.2 + i.x * 0.7), size);
      });
      enemies.sync(world.level.enemies.filter((e) => !e.dead), (s, e) => {
        const sway = Math.sin(clock * 6 + e.from) * 0.03;
        s.moveTo(px(e.x), py(e.y + 0.05));
        s.frame = frameOf(clock * 1.6 + e.from);
        s.flipX = e.dir < 0;
        s.scaleTo(0.98 + sway, 0.98 - sway);
      });
      const open = world.portal.open;
      portal.glow.opacity = open ? 0.75 + Math.sin(clock * 5) * 0.2 : 0.18;
      portal.gate.scaleTo(open ? 1 + Math.sin(clock * 4) * 0.05 : 0.85);
      portal.gate.opacity = open ? 1 : 0.5;
      portal.eye.scaleTo(open ? 0.6 + ((clock * 0.8) % 0.6) : 0.5);
      portal.eye.opacity = open ? 1 : 0.25;
      moveCamera(world, dt, state);
    },

    toWorld: (x, y) => ({ x, y }),

    resize() {
      camera.zoom = Math.min(k.height() / 10.5, Math.max(k.width() / 17, k.height() / 19)) / UNIT;
    },
  };

  function placeShadow(world) {
    const p = world.player;
    let top = -Infinity;
    for (const s of world.level.solids) if (p.x > s.x && p.x < s.x + s.w && s.top <= p.y && s.top > top) top = s.top;
    const gap = p.y - top;
    shadow.hidden = gap >= 6;
    if (shadow.hidden) return;
    const size = Math.max(0.3, 1 - gap * 0.14) * 1.3;
    shadow.moveTo(px(p.x), py(top) - 2);
    shadow.scaleTo(size, size * 0.24);
  }

  function moveCamera(world, dt, state) {
    const p = world.player;
    const wide = k.width() / camera.zoom / UNIT;
    const tall = k.height() / camera.zoom / UNIT;
    const ahead = state === 'title' ? 4 + Math.sin(clock * 0.3) * 2 : Math.min(2.6, wide * 0.14) * p.face;
    const ease = 1 - Math.exp(-dt * 4);
    look.x += (p.x + ahead - look.x) * ease;
    look.y += (Math.max(p.y, -1) + 1 - look.y) * ease * 0.8;
    const x = Math.max(world.level.left + wide / 2, Math.min(world.level.right - wide / 2, look.x));
    const y = Math.max(tall / 2 - 3.4, look.y);
    camera.x = px(x);
    camera.y = py(y);
    for (const { from, to, things } of land) {
      const hidden = to < x - wide / 2 || from > x + wide / 2;
      for (const thing of things) thing.hidden = hidden;
    }
    stage.backdrop.scroll(x * UNIT * camera.zoom);
  }

  return view;
}

// 'ground' is the theme's block, many times; 'turf' is the edge on top of it, whose ends stay round at any width.
function paintGround() {
  const block = paintBlock(theme, palette);
  const ground = canvas(UNIT * TILE, UNIT * TILE);
  const ctx = ground.getContext('2d');
  for (let i = 0; i < TILE * TILE; i++) ctx.drawImage(block, (i % TILE) * UNIT, Math.floor(i / TILE) * UNIT, UNIT, UNIT);
  addPicture('ground', ground);

  const tall = Math.round(px(0.2));
  const turf = canvas(48, tall);
  const top = turf.getContext('2d');
  top.fillStyle = named(palette, theme.top);
  top.beginPath();
  top.roundRect(0, 0, 48, tall, 9);
  top.fill();
  top.fillStyle = 'rgba(255,255,255,.35)';
  top.fillRect(4, 2, 40, 4);
  addPicture('turf', turf, { slice9: { left: 12, right: 12, top: 8, bottom: 8 } });
}

function paintGate() {
  const oval = (ctx, w, h, line, stroke) => {
    ctx.beginPath();
    ctx.ellipse(0, 0, px(w / 2), px(h / 2), 0, 0, Math.PI * 2);
    ctx.lineWidth = line;
    ctx.strokeStyle = stroke;
    ctx.stroke();
  };
  addPicture('gate', draw(px(1.6), px(2.3), (ctx) => {
    oval(ctx, 1.4, 2.1, 10, palette.accent);
    ctx.fillStyle = 'rgba(12,10,28,.75)';
    ctx.fill();
  }));
  addPicture('eye', draw(px(1.1), px(1.6), (ctx) => oval(ctx, 0.9, 1.4, 6, palette.collect)));
}
