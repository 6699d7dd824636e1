export const hash = 'hash';
