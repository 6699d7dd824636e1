// Colour arithmetic on "#rrggbb" strings.

const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
const join = (rgb) => '#' + rgb.map((v) => Math.max(0, Math.min(255, Math.round(v))).toString(16).padStart(2, '0')).join('');

export function mix(a, b, t) {
  const x = channels(a);
  const y = channels(b);
  return join(x.map((v, i) => v + (y[i] - v) * t));
}

export const lighter = (hex, t) => mix(hex, '#ffffff', t);
export const darker = (hex, t) => mix(hex, '#000000', t);
export const alpha = (hex, a) => `rgba(${channels(hex).join(',')},${a})`;
export const number = (hex) => parseInt(hex.slice(1), 16);

// 0 is black, 1 is white.
export const brightness = (hex) => {
  const [r, g, b] = channels(hex);
  return (0.3 * r + 0.59 * g + 0.11 * b) / 255;
};

// The colour names that figures use: a main colour with a darker and a lighter side, and a few fixed ones.
export function roles(main, accent) {
  return {
    main,
    'main-': darker(main, 0.3),
    'main+': lighter(main, 0.45),
    accent,
    'accent+': lighter(accent, 0.5),
    white: '#ffffff',
    cream: '#fff3dc',
    ink: '#1c1830',
    pink: '#ff8fa8',
    steel: '#8d99b5',
    gold: '#ffc93c',
  };
}
