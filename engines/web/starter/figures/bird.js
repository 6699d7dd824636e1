// A plump bird: a beak, a crest and wings that beat. Parts: x right, y up, about one unit tall, facing right.
export default [
  { shape: 'poly', at: [-0.5, -0.06], size: [0.36, 0.34], depth: 0.1, wag: 0.15, fill: 'main-', z: -0.15, points: [[0.5, 0.2], [-0.5, 0.5], [-0.35, 0], [-0.5, -0.4], [0.5, -0.3]] },
  { shape: 'ball', at: [-0.08, -0.46], size: [0.2, 0.1], depth: 0.2, swing: 0.12, fill: 'gold', z: 0.05 },
  { shape: 'ball', at: [0.14, -0.46], size: [0.2, 0.1], depth: 0.2, swing: -0.12, fill: 'gold', z: 0.07 },
  { shape: 'cone', at: [-0.06, 0.48], size: [0.12, 0.3], depth: 0.1, tilt: 0.5, wag: 0.15, fill: 'accent', z: -0.02 },
  { shape: 'cone', at: [0.06, 0.52], size: [0.12, 0.3], depth: 0.1, tilt: 0.1, wag: 0.15, fill: 'accent', z: -0.01 },
  { shape: 'ball', at: [0, 0], size: [0.84, 0.84], depth: 0.66, fill: 'main', z: 0 },
  { shape: 'ball', at: [0.14, -0.12], size: [0.5, 0.52], depth: 0.3, fill: 'cream', z: 0.2 },
  { shape: 'cone', at: [0.46, 0.1], size: [0.2, 0.26], depth: 0.2, tilt: -1.57, fill: 'gold', z: 0.3 },
  { shape: 'ball', at: [0.2, 0.2], size: [0.24, 0.26], depth: 0.1, fill: 'white', z: 0.34, flat: true },
  { shape: 'ball', at: [0.24, 0.2], size: [0.11, 0.15], depth: 0.08, fill: 'ink', z: 0.39, flat: true },
  { shape: 'ball', at: [0.26, 0.24], size: [0.04, 0.05], depth: 0.04, fill: 'white', z: 0.43, flat: true },
  { shape: 'ball', at: [-0.2, -0.04], size: [0.46, 0.3], depth: 0.16, tilt: -0.3, wag: 0.6, fill: 'main-', z: 0.36 },
];
