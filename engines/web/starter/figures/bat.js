// A bat: wings that beat, two fangs. Parts: x right, y up, about one unit wide.
export default [
  { shape: 'poly', at: [0.42, 0.08], size: [0.56, 0.5], depth: 0.06, mirror: true, wag: 0.5, fill: 'main-', z: -0.05, points: [[-0.5, -0.1], [-0.3, 0.35], [0.5, 0.5], [0.35, -0.3], [0.1, -0.1], [-0.1, -0.4]] },
  { shape: 'cone', at: [0.15, 0.34], size: [0.18, 0.26], depth: 0.1, mirror: true, tilt: -0.2, fill: 'main', z: -0.01 },
  { shape: 'ball', at: [0, 0], size: [0.56, 0.56], depth: 0.5, fill: 'main', z: 0.03 },
  { shape: 'ball', at: [0.12, 0.07], size: [0.15, 0.17], depth: 0.1, mirror: true, fill: '#ffe14d', z: 0.28, flat: true, glow: true },
  { shape: 'ball', at: [0.1, 0.06], size: [0.06, 0.12], depth: 0.06, mirror: true, fill: 'ink', z: 0.33, flat: true },
  { shape: 'cone', at: [0.07, -0.14], size: [0.08, 0.12], depth: 0.06, mirror: true, tilt: 3.14, fill: 'white', z: 0.28, flat: true },
];
