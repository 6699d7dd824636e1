export const hero: string = 'hero';
