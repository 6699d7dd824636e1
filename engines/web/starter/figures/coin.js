// A coin with a rim.
export default [
  { shape: 'ball', at: [0, 0], size: [0.74, 0.78], depth: 0.2, fill: 'main', z: 0, glow: true },
  { shape: 'ring', at: [0, 0], size: [0.52, 0.56], tube: 0.06, fill: 'main+', z: 0.06, flat: true },
  { shape: 'box', at: [0, 0], size: [0.1, 0.3], depth: 0.28, fill: 'main-', z: 0.04, flat: true },
];
