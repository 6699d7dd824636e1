import { two } from './two.js';
onmessage = (e) => postMessage(e.data * two);
