// Bursts of soft crumbs. The sprites are made once and used again and again.
import { few } from './motion.js';
import { Container, Sprite } from 'pixi.js';
import { textures } from './textures.js';

const MOST = 260;

export function createBursts(world) {
  const layers = ['normal', 'add'].map((blendMode, i) => world.addChild(new Container({ zIndex: 5000 + i, blendMode })));
  const crumbs = Array.from({ length: MOST }, () => ({ life: 0, full: 1, vx: 0, vy: 0, sprite: null }));
  let next = 0;

  function start(c, x, y, tint, glow) {
    c.sprite ??= new Sprite({ texture: textures.dot, anchor: 0.5 });
    layers[glow ? 1 : 0].addChild(c.sprite);
    const angle = Math.random() * Math.PI * 2;
    const speed = 40 + Math.random() * 290;
    c.vx = Math.cos(angle) * speed;
    c.vy = Math.sin(angle) * speed;
    c.life = c.full = 0.25 + Math.random() * 0.5;
    c.sprite.position.set(x, y);
    c.sprite.tint = tint;
    c.sprite.visible = true;
  }

  return {
    burst(x, y, tint, n = 12, glow = true) {
      for (let i = few(n); i > 0; i--) {
        start(crumbs[next], x, y, tint, glow);
        next = (next + 1) % MOST;
      }
    },
    step(dt) {
      for (const c of crumbs) {
        if (c.life <= 0) continue;
        c.life -= dt;
        c.vy += 320 * dt;
        c.sprite.x += c.vx * dt;
        c.sprite.y += c.vy * dt;
        c.sprite.scale.set(0.42 * Math.max(0, c.life / c.full));
        c.sprite.visible = c.life > 0;
      }
    },
  };
}
