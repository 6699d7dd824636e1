// Small help with English, so that texts can be put together from the words in design.js.

const alike = new Set(['fish', 'sheep', 'deer', 'treasure', 'gold', 'fruit', 'sushi', 'honey', 'cheese']);

export function plural(word) {
  if (alike.has(word) || /s$/.test(word) && !/(us|ss)$/.test(word)) return word;
  if (/(s|x|z|ch|sh)$/.test(word)) return word + 'es';
  if (/[^aeiou]y$/.test(word)) return word.slice(0, -1) + 'ies';
  if (/wolf$/.test(word)) return word.slice(0, -1) + 'ves';
  return word + 's';
}
