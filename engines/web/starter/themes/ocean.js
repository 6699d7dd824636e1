// Under the sea: shafts of light, kelp and coral, rising bubbles.
import { alpha, darker, lighter, mix } from './colors.js';
import { disc, halo, ridge, shape } from './paint.js';

function kelp(ctx, rnd, w, h, n, tall, fill) {
  ctx.lineCap = 'round';
  for (let i = 0; i < n; i++) {
    const x = rnd.range(0, w);
    const th = h * rnd.range(tall * 0.5, tall);
    ctx.strokeStyle = fill;
    ctx.fillStyle = fill;
    ctx.lineWidth = 5;
    ctx.beginPath();
    for (let y = 0; y <= th; y += 6) ctx.lineTo(x + Math.sin(y / 26 + i) * 10, h - y);
    ctx.stroke();
    for (let y = 24; y < th; y += 24) {
      const side = (y / 24) % 2 ? 1 : -1;
      ctx.beginPath();
      ctx.ellipse(x + Math.sin(y / 26 + i) * 10 + side * 12, h - y - 4, 14, 5, -side * 0.6, 0, Math.PI * 2);
      ctx.fill();
    }
  }
}

export default {
  sky(ctx, w, h, c, rnd) {
    halo(ctx, w * 0.5, 0, h * 0.7, lighter(c.sky, 0.7), 0.7);
    for (let i = 0; i < 7; i++) {
      const x = rnd.range(0, w);
      shape(ctx, alpha('#ffffff', 0.07), [x, -10], [x + rnd.range(30, 80), -10], [x + rnd.range(60, 190) - 100, h], [x - 170, h]);
    }
  },
  layers: [
    {
      speed: 0.1, height: 0.55,
      paint(ctx, w, h, c, rnd) {
        const fill = mix(c.skyLow, c.ground, 0.25);
        kelp(ctx, rnd, w, h, 14, 0.85, fill);
        ridge(ctx, w, h, h * 0.3, [[2, 40, 0], [5, 14, 1]], fill);
      },
    },
    {
      speed: 0.28, height: 0.5,
      paint(ctx, w, h, c, rnd) {
        kelp(ctx, rnd, w, h, 9, 0.9, darker(mix(c.skyLow, c.accent, 0.35), 0.25));
        for (let i = 0; i < 14; i++) {
          const x = rnd.range(0, w);
          const color = darker(mix(rnd.pick([c.enemy, c.accent, c.collect]), c.skyLow, 0.45), 0.1);
          for (let k = 0; k < 6; k++) disc(ctx, x + rnd.range(-32, 32), h - rnd.range(10, 100), rnd.range(9, 22), color);
        }
        ridge(ctx, w, h, h * 0.12, [[3, 14, 2], [7, 5, 1]], darker(mix(c.skyLow, c.ground, 0.5), 0.25));
      },
    },
  ],
  ambient: { kind: 'bubble', count: 26, color: 'text', size: 0.16, vx: 0.05, vy: 0.9 },
  block(ctx, s, c, rnd) {
    ctx.fillStyle = c.ground;
    ctx.fillRect(0, 0, s, s);
    for (let i = 0; i < 40; i++) disc(ctx, rnd.range(0, s), rnd.range(0, s), rnd.range(1, 4), alpha(rnd.pick(['#000000', '#ffffff']), 0.14));
    for (let i = 0; i < 4; i++) disc(ctx, rnd.range(0, s), rnd.range(s * 0.3, s), rnd.range(5, 9), alpha(rnd.pick([c.accent, c.enemy]), 0.35));
  },
  // A branch of coral.
  prop(ctx, s, c) {
    ctx.lineCap = 'round';
    for (const [x, lean, tall, width] of [[0.5, 0, 0.72, 0.1], [0.42, -0.22, 0.55, 0.08], [0.58, 0.24, 0.6, 0.08], [0.36, -0.3, 0.3, 0.06], [0.64, 0.3, 0.34, 0.06]]) {
      ctx.strokeStyle = mix(c.enemy, c.accent, x);
      ctx.lineWidth = s * width;
      ctx.beginPath();
      ctx.moveTo(s * 0.5, s);
      ctx.quadraticCurveTo(s * x, s * 0.8, s * (x + lean), s * (1 - tall));
      ctx.stroke();
    }
  },
  top: 'collect',
};
