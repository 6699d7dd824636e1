// A fish: fins, a tail that beats and a big eye. Parts: x right, y up, about one unit long, facing right.
export default [
  { shape: 'poly', at: [-0.52, 0], size: [0.34, 0.56], depth: 0.08, wag: 0.4, fill: 'accent', z: -0.05, points: [[0.5, 0], [-0.5, 0.5], [-0.2, 0], [-0.5, -0.5]] },
  { shape: 'poly', at: [-0.06, 0.36], size: [0.44, 0.26], depth: 0.06, fill: 'accent', z: -0.04, points: [[0.5, -0.5], [-0.1, 0.5], [-0.5, 0.3], [-0.5, -0.5]] },
  { shape: 'ball', at: [0, 0], size: [0.94, 0.68], depth: 0.5, fill: 'main', z: 0 },
  { shape: 'ball', at: [0.12, -0.12], size: [0.6, 0.38], depth: 0.36, fill: 'cream', z: 0.12 },
  { shape: 'ball', at: [-0.1, 0.08], size: [0.1, 0.5], depth: 0.3, fill: 'main+', z: 0.18, flat: true },
  { shape: 'ball', at: [-0.04, -0.1], size: [0.28, 0.16], depth: 0.08, tilt: 0.5, wag: 0.5, fill: 'accent', z: 0.28 },
  { shape: 'ball', at: [0.26, 0.1], size: [0.24, 0.26], depth: 0.1, fill: 'white', z: 0.26, flat: true },
  { shape: 'ball', at: [0.3, 0.1], size: [0.12, 0.16], depth: 0.08, fill: 'ink', z: 0.31, flat: true },
  { shape: 'ball', at: [0.32, 0.14], size: [0.04, 0.05], depth: 0.04, fill: 'white', z: 0.35, flat: true },
  { shape: 'ball', at: [0.42, -0.1], size: [0.12, 0.05], depth: 0.06, fill: 'ink', z: 0.24, flat: true },
];
