// A cheerful blob with a sprout: the hero when the prompt names someone we have no picture of. Parts: x right, y up.
export default [
  { shape: 'ball', at: [-0.18, -0.42], size: [0.24, 0.16], depth: 0.26, swing: 0.12, fill: 'main-', z: 0.03 },
  { shape: 'ball', at: [0.18, -0.42], size: [0.24, 0.16], depth: 0.26, swing: -0.12, fill: 'main-', z: 0.05 },
  { shape: 'box', at: [0.02, 0.44], size: [0.05, 0.22], depth: 0.05, wag: 0.15, fill: 'accent', z: -0.02 },
  { shape: 'ball', at: [0.12, 0.54], size: [0.24, 0.13], depth: 0.1, tilt: 0.5, wag: 0.2, fill: 'accent', z: 0 },
  { shape: 'ball', at: [0, -0.06], size: [0.86, 0.8], depth: 0.66, fill: 'main', z: 0.02 },
  { shape: 'ball', at: [0.06, -0.2], size: [0.56, 0.36], depth: 0.3, fill: 'main+', z: 0.2, flat: true },
  { shape: 'ball', at: [-0.06, 0.08], size: [0.2, 0.24], depth: 0.1, fill: 'white', z: 0.34, flat: true },
  { shape: 'ball', at: [0.24, 0.08], size: [0.2, 0.24], depth: 0.1, fill: 'white', z: 0.34, flat: true },
  { shape: 'ball', at: [-0.03, 0.07], size: [0.1, 0.15], depth: 0.08, fill: 'ink', z: 0.39, flat: true },
  { shape: 'ball', at: [0.27, 0.07], size: [0.1, 0.15], depth: 0.08, fill: 'ink', z: 0.39, flat: true },
  { shape: 'ball', at: [0.1, -0.12], size: [0.17, 0.07], depth: 0.08, fill: 'ink', z: 0.39, flat: true },
];
