// A crab: claws up, eyes on stalks. Parts: x right, y up, about one unit wide.
export default [
  { shape: 'ball', at: [0.3, -0.36], size: [0.12, 0.22], depth: 0.12, mirror: true, tilt: 0.4, swing: 0.08, fill: 'main-', z: -0.02 },
  { shape: 'ball', at: [0.15, -0.38], size: [0.12, 0.2], depth: 0.12, mirror: true, swing: -0.08, fill: 'main-', z: 0 },
  { shape: 'ball', at: [0.5, 0.12], size: [0.3, 0.28], depth: 0.2, mirror: true, wag: 0.3, fill: 'main', z: 0.02 },
  { shape: 'cone', at: [0.54, 0.24], size: [0.1, 0.16], depth: 0.22, mirror: true, tilt: 3.14, fill: 'ink', z: 0.06, flat: true },
  { shape: 'box', at: [0.16, 0.22], size: [0.06, 0.22], depth: 0.06, mirror: true, fill: 'main-', z: 0.02 },
  { shape: 'ball', at: [0, -0.1], size: [0.82, 0.52], depth: 0.54, fill: 'main', z: 0.04 },
  { shape: 'ball', at: [0.16, 0.34], size: [0.2, 0.2], depth: 0.18, mirror: true, fill: 'white', z: 0.08 },
  { shape: 'ball', at: [0.13, 0.33], size: [0.1, 0.11], depth: 0.08, mirror: true, fill: 'ink', z: 0.2, flat: true },
  { shape: 'box', at: [0, -0.16], size: [0.28, 0.05], depth: 0.08, fill: 'ink', z: 0.32, flat: true },
];
