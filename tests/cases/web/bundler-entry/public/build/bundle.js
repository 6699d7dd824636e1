globalThis.__result = 'stale';
