// A heart.
const outline = Array.from({ length: 28 }, (_, i) => {
  const t = (i / 28) * Math.PI * 2;
  return [(16 * Math.sin(t) ** 3) / 33, (13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t) + 2.5) / 31];
});
export default [
  { shape: 'poly', at: [0, 0], size: [0.84, 0.8], depth: 0.24, fill: 'main', z: 0, glow: true, points: outline },
  { shape: 'ball', at: [-0.17, 0.16], size: [0.14, 0.1], depth: 0.3, tilt: 0.6, fill: 'main+', z: 0.06, flat: true },
];
