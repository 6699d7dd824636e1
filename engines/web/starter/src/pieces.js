// What the pieces of the puzzle look like: kind 0 is the one to gather, 1 to 4 are the others.
import { brightness, mix, roles } from './colors.js';
import collect from './figures/collect.js';
import one from './figures/piece1.js';
import two from './figures/piece2.js';
import three from './figures/piece3.js';
import four from './figures/piece4.js';

const candidates = ['#ff4f64', '#3fb8ff', '#5fd35f', '#b06bff', '#ff9c38', '#ffd93b', '#ff7ad1'];

// The four candidates that are least like the colour of what is gathered.
function others(color) {
  const far = (a, b) => {
    const [x, y] = [a, b].map((h) => [1, 3, 5].map((i) => parseInt(h.slice(i, i + 2), 16)));
    return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]) + 120 * Math.abs(brightness(a) - brightness(b));
  };
  const chosen = [];
  while (chosen.length < 4) {
    const left = candidates.filter((c) => !chosen.includes(c));
    const worth = (c) => Math.min(...[color, ...chosen].map((o) => far(c, o)));
    chosen.push(left.reduce((best, c) => (worth(c) > worth(best) ? c : best)));
  }
  return chosen;
}

export function pieceStyles(palette) {
  const colors = [palette.collect, ...others(palette.collect)];
  return [collect, one, two, three, four].map((figure, i) => ({ figure, color: colors[i], colors: roles(colors[i], mix(colors[i], '#ffffff', 0.5)) }));
}
