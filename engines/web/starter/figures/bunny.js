// A bunny: two long ears, a round tail. Parts: x right, y up, about one unit tall, facing right.
export default [
  { shape: 'ball', at: [-0.34, -0.22], size: [0.22, 0.22], depth: 0.22, fill: 'white', z: -0.15 },
  { shape: 'ball', at: [-0.14, -0.42], size: [0.26, 0.17], depth: 0.26, swing: 0.15, fill: 'main+', z: 0.05 },
  { shape: 'ball', at: [0.18, -0.42], size: [0.26, 0.17], depth: 0.26, swing: -0.15, fill: 'main+', z: 0.07 },
  { shape: 'ball', at: [0, -0.2], size: [0.54, 0.5], depth: 0.46, fill: 'main', z: 0 },
  { shape: 'ball', at: [0.06, -0.2], size: [0.32, 0.34], depth: 0.2, fill: 'white', z: 0.2 },
  { shape: 'ball', at: [-0.1, 0.5], size: [0.19, 0.5], depth: 0.14, tilt: 0.18, wag: 0.1, fill: 'main', z: 0.02 },
  { shape: 'ball', at: [0.18, 0.5], size: [0.19, 0.5], depth: 0.14, tilt: -0.12, wag: 0.1, fill: 'main', z: 0.02 },
  { shape: 'ball', at: [-0.1, 0.5], size: [0.09, 0.36], depth: 0.1, tilt: 0.18, wag: 0.1, fill: 'pink', z: 0.08, flat: true },
  { shape: 'ball', at: [0.18, 0.5], size: [0.09, 0.36], depth: 0.1, tilt: -0.12, wag: 0.1, fill: 'pink', z: 0.08, flat: true },
  { shape: 'ball', at: [0.04, 0.14], size: [0.66, 0.54], depth: 0.5, fill: 'main', z: 0.12 },
  { shape: 'ball', at: [0.14, 0.04], size: [0.34, 0.22], depth: 0.24, fill: 'white', z: 0.28 },
  { shape: 'ball', at: [-0.05, 0.2], size: [0.11, 0.16], depth: 0.08, fill: 'ink', z: 0.36, flat: true },
  { shape: 'ball', at: [0.26, 0.2], size: [0.11, 0.16], depth: 0.08, fill: 'ink', z: 0.36, flat: true },
  { shape: 'ball', at: [-0.03, 0.24], size: [0.04, 0.05], depth: 0.04, fill: 'white', z: 0.4, flat: true },
  { shape: 'ball', at: [0.28, 0.24], size: [0.04, 0.05], depth: 0.04, fill: 'white', z: 0.4, flat: true },
  { shape: 'ball', at: [0.14, 0.09], size: [0.1, 0.07], depth: 0.08, fill: 'pink', z: 0.41, flat: true },
];
