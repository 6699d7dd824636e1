import { width } from '../src/common.js';
import imported from '../assets/a.png';
const plain = await width('../assets/a.png'), rooted = await width('/assets/a.png'), own = await width(imported);
const color = getComputedStyle(document.querySelector('p')).color;
await new Promise((done) => (document.images[0].complete ? done() : (document.images[0].onload = done)));
globalThis.__result = `level ${plain} ${rooted} ${own} ${color} ${document.images[0].naturalWidth}`;
