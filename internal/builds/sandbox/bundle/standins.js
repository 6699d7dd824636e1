// Where a game has no storage of its own, it gets one that forgets: browsers refuse it to pages without an origin.
(() => {
  for (const name of ['localStorage', 'sessionStorage']) {
    try {
      window[name];
    } catch {
      const kept = new Map();
      const methods = {
        getItem: (key) => kept.get(String(key)) ?? null,
        setItem: (key, value) => void kept.set(String(key), String(value)),
        removeItem: (key) => void kept.delete(String(key)),
        clear: () => kept.clear(),
        key: (n) => [...kept.keys()][n] ?? null,
      };
      const storage = new Proxy(methods, {
        get: (_, key) => (key === 'length' ? kept.size : (methods[key] ?? kept.get(key))),
        set: (_, key, value) => (kept.set(String(key), String(value)), true),
        has: (_, key) => kept.has(key),
        deleteProperty: (_, key) => (kept.delete(key), true),
        ownKeys: () => [...kept.keys()],
        getOwnPropertyDescriptor: (_, key) =>
          kept.has(key) ? {value: kept.get(key), writable: true, enumerable: true, configurable: true} : undefined,
      });
      Object.defineProperty(window, name, {value: storage, configurable: true, enumerable: true});
    }
  }
  try {
    document.cookie;
  } catch {
    const jar = new Map();
    Object.defineProperty(document, 'cookie', {
      configurable: true,
      get: () => [...jar].map(([name, value]) => name + '=' + value).join('; '),
      set: (text) => {
        const [pair] = String(text).split(';');
        const at = pair.indexOf('=');
        jar.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
      },
    });
  }
})();
