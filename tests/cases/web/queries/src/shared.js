import { two } from './two.js';
onconnect = (e) => { const [port] = e.ports; port.onmessage = (m) => port.postMessage(m.data * two); };
