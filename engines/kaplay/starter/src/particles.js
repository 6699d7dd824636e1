// Bursts of soft crumbs. They are made once and used again and again; one object draws those that glow, one the others.
import { few } from './motion.js';
import { k } from './engine.js';

const MOST = 260;

export function createBursts() {
  const crumbs = Array.from({ length: MOST }, () => ({ life: 0, full: 1, x: 0, y: 0, vx: 0, vy: 0, tint: null, glow: false }));
  let next = 0;

  function start(c, x, y, tint, glow) {
    const angle = Math.random() * Math.PI * 2;
    const speed = 40 + Math.random() * 290;
    const life = 0.25 + Math.random() * 0.5;
    Object.assign(c, { x, y, tint, glow, life, full: life, vx: Math.cos(angle) * speed, vy: Math.sin(angle) * speed });
  }

  function drawAll(glow) {
    for (const c of crumbs) {
      if (c.life <= 0 || c.glow !== glow) continue;
      const scale = k.vec2((0.42 * c.life) / c.full);
      k.drawSprite({ sprite: 'dot', pos: k.vec2(c.x, c.y), anchor: 'center', scale, color: c.tint, shader: glow ? 'glow' : undefined });
    }
  }
  k.add([k.z(5000), { draw: () => drawAll(false) }]);
  k.add([k.z(5001), { draw: () => drawAll(true) }]);

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
        c.x += c.vx * dt;
        c.y += c.vy * dt;
      }
    },
  };
}
