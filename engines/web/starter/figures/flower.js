// A flower with five petals.
const petals = [0, 1, 2, 3, 4].map((i) => {
  const a = (i / 5) * Math.PI * 2 + Math.PI / 2;
  return { shape: 'ball', at: [0.27 * Math.cos(a), 0.27 * Math.sin(a)], size: [0.4, 0.34], depth: 0.14, tilt: a, fill: 'main', z: 0, glow: true };
});
export default [
  ...petals,
  { shape: 'ball', at: [0, 0], size: [0.32, 0.32], depth: 0.26, fill: 'gold', z: 0.08 },
];
