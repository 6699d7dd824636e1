// An alien: one big eye, two feelers, small fangs. Parts: x right, y up, about one unit tall.
export default [
  { shape: 'box', at: [0.17, 0.42], size: [0.05, 0.3], depth: 0.05, mirror: true, tilt: -0.3, wag: 0.2, fill: 'main-', z: -0.03 },
  { shape: 'ball', at: [0.22, 0.57], size: [0.15, 0.15], depth: 0.15, mirror: true, wag: 0.2, fill: 'accent', z: -0.02, glow: true },
  { shape: 'cone', at: [0.24, -0.4], size: [0.18, 0.26], depth: 0.18, mirror: true, tilt: 3.14, swing: 0.06, fill: 'main-', z: 0 },
  { shape: 'cone', at: [0, -0.42], size: [0.18, 0.26], depth: 0.18, tilt: 3.14, swing: -0.06, fill: 'main-', z: 0 },
  { shape: 'ball', at: [0, -0.02], size: [0.86, 0.76], depth: 0.62, fill: 'main', z: 0.02 },
  { shape: 'ball', at: [0, 0.08], size: [0.46, 0.44], depth: 0.16, fill: 'white', z: 0.28, flat: true },
  { shape: 'ball', at: [-0.04, 0.07], size: [0.22, 0.24], depth: 0.12, fill: '#ff3b5c', z: 0.34, flat: true },
  { shape: 'ball', at: [-0.05, 0.07], size: [0.1, 0.14], depth: 0.08, fill: 'ink', z: 0.39, flat: true },
  { shape: 'box', at: [0, 0.29], size: [0.5, 0.07], depth: 0.1, round: 0.5, fill: 'main-', z: 0.38, flat: true },
  { shape: 'ball', at: [0, -0.23], size: [0.34, 0.1], depth: 0.1, fill: 'ink', z: 0.29, flat: true },
  { shape: 'cone', at: [0.08, -0.23], size: [0.07, 0.09], depth: 0.06, mirror: true, tilt: 3.14, fill: 'white', z: 0.33, flat: true },
];
