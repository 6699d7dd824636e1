// A young dragon: wings that beat, horns, a spiked tail. Parts: x right, y up, about one unit tall, facing right.
export default [
  { shape: 'cone', at: [-0.5, -0.2], size: [0.22, 0.5], depth: 0.2, tilt: 1.15, wag: 0.2, fill: 'main-', z: -0.15 },
  { shape: 'poly', at: [-0.34, 0.2], size: [0.6, 0.6], depth: 0.06, wag: 0.45, fill: 'accent', z: -0.2, points: [[0.5, -0.5], [-0.5, 0.5], [-0.45, 0], [-0.2, -0.1], [-0.1, -0.4]] },
  { shape: 'ball', at: [-0.14, -0.42], size: [0.2, 0.18], depth: 0.26, swing: 0.13, fill: 'main-', z: 0.05 },
  { shape: 'ball', at: [0.16, -0.42], size: [0.2, 0.18], depth: 0.26, swing: -0.13, fill: 'main-', z: 0.07 },
  { shape: 'ball', at: [0, -0.18], size: [0.58, 0.54], depth: 0.48, fill: 'main', z: 0 },
  { shape: 'ball', at: [0.08, -0.2], size: [0.34, 0.38], depth: 0.2, fill: 'cream', z: 0.2 },
  { shape: 'cone', at: [-0.1, 0.5], size: [0.12, 0.28], depth: 0.12, tilt: 0.4, fill: 'cream', z: 0.05 },
  { shape: 'cone', at: [0.2, 0.52], size: [0.12, 0.28], depth: 0.12, tilt: -0.1, fill: 'cream', z: 0.05 },
  { shape: 'ball', at: [0.05, 0.22], size: [0.58, 0.48], depth: 0.46, fill: 'main', z: 0.12 },
  { shape: 'ball', at: [0.3, 0.12], size: [0.36, 0.27], depth: 0.34, fill: 'main+', z: 0.2 },
  { shape: 'ball', at: [0.4, 0.17], size: [0.05, 0.05], depth: 0.05, fill: 'ink', z: 0.36, flat: true },
  { shape: 'ball', at: [0.27, 0.17], size: [0.05, 0.05], depth: 0.05, fill: 'ink', z: 0.37, flat: true },
  { shape: 'ball', at: [0.06, 0.3], size: [0.16, 0.19], depth: 0.1, fill: 'white', z: 0.33, flat: true },
  { shape: 'ball', at: [0.09, 0.3], size: [0.08, 0.13], depth: 0.06, fill: 'ink', z: 0.38, flat: true },
];
