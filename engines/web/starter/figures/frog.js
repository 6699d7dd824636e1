// A frog: a wide mouth and eyes on top of the head. Parts: x right, y up, about one unit tall, facing right.
export default [
  { shape: 'ball', at: [-0.32, -0.38], size: [0.32, 0.2], depth: 0.3, swing: 0.1, fill: 'main-', z: 0.02 },
  { shape: 'ball', at: [0.32, -0.38], size: [0.32, 0.2], depth: 0.3, swing: -0.1, fill: 'main-', z: 0.04 },
  { shape: 'ball', at: [0, -0.12], size: [0.84, 0.62], depth: 0.6, fill: 'main', z: 0 },
  { shape: 'ball', at: [0.04, -0.22], size: [0.54, 0.38], depth: 0.3, fill: 'cream', z: 0.2 },
  { shape: 'ball', at: [-0.2, 0.26], size: [0.3, 0.3], depth: 0.28, fill: 'main', z: 0.1 },
  { shape: 'ball', at: [0.26, 0.26], size: [0.3, 0.3], depth: 0.28, fill: 'main', z: 0.1 },
  { shape: 'ball', at: [-0.18, 0.27], size: [0.2, 0.2], depth: 0.14, fill: 'white', z: 0.22, flat: true },
  { shape: 'ball', at: [0.28, 0.27], size: [0.2, 0.2], depth: 0.14, fill: 'white', z: 0.22, flat: true },
  { shape: 'ball', at: [-0.14, 0.27], size: [0.1, 0.13], depth: 0.08, fill: 'ink', z: 0.3, flat: true },
  { shape: 'ball', at: [0.32, 0.27], size: [0.1, 0.13], depth: 0.08, fill: 'ink', z: 0.3, flat: true },
  { shape: 'ball', at: [0.06, 0.02], size: [0.5, 0.05], depth: 0.08, fill: 'ink', z: 0.36, flat: true },
  { shape: 'ball', at: [-0.26, 0], size: [0.12, 0.08], depth: 0.08, fill: 'pink', z: 0.34, flat: true },
  { shape: 'ball', at: [0.36, 0], size: [0.12, 0.08], depth: 0.08, fill: 'pink', z: 0.34, flat: true },
];
