export const width = (src) => new Promise((done) => { const i = new Image(); i.onload = () => done(i.width); i.onerror = () => done('error'); i.src = src; });
