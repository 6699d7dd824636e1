// A skull with burning eyes. Parts: x right, y up, about one unit tall.
export default [
  { shape: 'box', at: [0, -0.26], size: [0.42, 0.28], depth: 0.34, round: 0.3, swing: 0.01, fill: 'main', z: 0 },
  { shape: 'ball', at: [0, 0.1], size: [0.82, 0.7], depth: 0.64, fill: 'main', z: 0.03 },
  { shape: 'ball', at: [0.18, 0.06], size: [0.24, 0.26], depth: 0.12, mirror: true, fill: 'ink', z: 0.3, flat: true },
  { shape: 'ball', at: [0.17, 0.05], size: [0.1, 0.11], depth: 0.08, mirror: true, fill: '#ff5a36', z: 0.37, flat: true, glow: true },
  { shape: 'cone', at: [0, -0.1], size: [0.1, 0.12], depth: 0.08, fill: 'ink', z: 0.34, flat: true },
  { shape: 'box', at: [0.07, -0.3], size: [0.04, 0.18], depth: 0.06, mirror: true, fill: 'ink', z: 0.2, flat: true },
];
