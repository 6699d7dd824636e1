// A ball of spikes. Parts: x right, y up, about one unit wide.
const spikes = Array.from({ length: 9 }, (_, i) => {
  const a = (i / 9) * Math.PI * 2;
  return { shape: 'cone', at: [0.36 * Math.cos(a), 0.36 * Math.sin(a)], size: [0.2, 0.26], depth: 0.2, tilt: a - Math.PI / 2, fill: 'main-', z: 0 };
});
export default [
  ...spikes,
  { shape: 'ball', at: [0, 0], size: [0.64, 0.64], depth: 0.6, fill: 'main', z: 0.04 },
  { shape: 'ball', at: [0.13, 0.05], size: [0.19, 0.2], depth: 0.1, mirror: true, fill: 'white', z: 0.3, flat: true },
  { shape: 'ball', at: [0.1, 0.03], size: [0.09, 0.11], depth: 0.07, mirror: true, fill: 'ink', z: 0.36, flat: true },
  { shape: 'box', at: [0.14, 0.18], size: [0.22, 0.05], depth: 0.06, mirror: true, tilt: 0.4, fill: 'ink', z: 0.37, flat: true },
];
