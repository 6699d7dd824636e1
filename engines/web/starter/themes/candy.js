// Candy land: a rainbow, sugar hills, lollipops, sprinkles in the air.
import { alpha, darker, lighter, mix } from './colors.js';
import { disc, ridge } from './paint.js';

function lollipop(ctx, x, y, r, a, b) {
  ctx.fillStyle = '#fff7ef';
  ctx.fillRect(x - r * 0.09, y, r * 0.18, r * 12);
  disc(ctx, x, y, r, a);
  ctx.strokeStyle = b;
  ctx.lineWidth = r * 0.2;
  ctx.lineCap = 'round';
  ctx.beginPath();
  for (let t = 0; t < 13; t += 0.3) ctx.lineTo(x + Math.cos(t) * t * r * 0.07, y + Math.sin(t) * t * r * 0.07);
  ctx.stroke();
}

export default {
  sky(ctx, w, h, c, rnd) {
    ['#ff6b81', '#ffb35c', '#fff07a', '#8ee88e', '#7cc7ff', '#c9a0ff'].forEach((color, i) => {
      ctx.strokeStyle = alpha(color, 0.45);
      ctx.lineWidth = 16;
      ctx.beginPath();
      ctx.arc(w * 0.45, h * 0.85, h * 0.62 - i * 16, Math.PI, Math.PI * 2);
      ctx.stroke();
    });
    for (let i = 0; i < 9; i++) {
      const x = rnd.range(0, w);
      const y = rnd.range(h * 0.06, h * 0.4);
      for (let k = 0; k < 5; k++) disc(ctx, x + (k - 2) * 24, y + (k % 2) * 8, rnd.range(16, 27), alpha('#ffffff', 0.75));
    }
  },
  layers: [
    {
      speed: 0.1, height: 0.5,
      paint(ctx, w, h, c, rnd) {
        const fill = mix(c.accent, c.skyLow, 0.5);
        for (let i = 0; i < 8; i++) lollipop(ctx, rnd.range(0, w), h * rnd.range(0.2, 0.45), rnd.range(24, 42), mix(c.hero, c.skyLow, 0.45), '#ffffff');
        ridge(ctx, w, h, h * 0.32, [[2, 38, 0], [3, 14, 2]], fill);
      },
    },
    {
      speed: 0.26, height: 0.46,
      paint(ctx, w, h, c, rnd) {
        for (let i = 0; i < 6; i++) lollipop(ctx, rnd.range(0, w), h * rnd.range(0.2, 0.42), rnd.range(30, 52), rnd.pick([c.enemy, c.collect, c.accent]), '#ffffff');
        const fill = mix(c.ground, c.skyLow, 0.3);
        ridge(ctx, w, h, h * 0.26, [[3, 26, 1], [5, 8, 0]], lighter(fill, 0.2));
        ridge(ctx, w, h, h * 0.18, [[3, 22, 1.3], [5, 8, 0]], fill);
      },
    },
  ],
  ambient: { kind: 'leaf', count: 24, color: 'collect', size: 0.1, vx: -0.2, vy: -0.6 },
  block(ctx, s, c) {
    ctx.fillStyle = c.ground;
    ctx.fillRect(0, 0, s, s);
    ctx.fillStyle = alpha('#ffffff', 0.32);
    for (let i = -1; i < 3; i++) {
      ctx.beginPath();
      ctx.moveTo((i * s) / 2, s);
      ctx.lineTo((i * s) / 2 + s / 4, s);
      ctx.lineTo((i * s) / 2 + s / 4 + s / 2, 0);
      ctx.lineTo((i * s) / 2 + s / 2, 0);
      ctx.fill();
    }
    ctx.fillStyle = alpha(darker(c.ground, 0.5), 0.12);
    ctx.fillRect(0, s - 8, s, 8);
  },
  // A lollipop.
  prop(ctx, s, c) {
    lollipop(ctx, s / 2, s * 0.32, s * 0.25, c.enemy, '#ffffff');
  },
  top: 'text',
};
