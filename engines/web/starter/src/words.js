// Small help with English, so that texts can be put together from the words in design.js.

const alike = new Set('sheep deer moose bison shrimp salmon trout aircraft spacecraft treasure gold fruit sushi honey cheese energy lightning'.split(' '));

// Irregular ends, and what they become; the first that fits counts.
const irregular = [
  ['human', 'humans'], ['shaman', 'shamans'], ['talisman', 'talismans'], ['caiman', 'caimans'], ['man', 'men'], ['mouse', 'mice'],
  ['goose', 'geese'], ['child', 'children'], ['person', 'people'], ['foot', 'feet'], ['tooth', 'teeth'], ['wolf', 'wolves'],
  ['leaf', 'leaves'], ['loaf', 'loaves'], ['elf', 'elves'], ['thief', 'thieves'], ['calf', 'calves'], ['knife', 'knives'],
  ['hero', 'heroes'], ['potato', 'potatoes'], ['tomato', 'tomatoes'], ['torpedo', 'torpedoes'], ['volcano', 'volcanoes'],
  ['mosquito', 'mosquitoes'], ['buffalo', 'buffaloes'],
];

export function plural(noun) {
  const last = noun.slice(noun.lastIndexOf(' ') + 1).toLowerCase();
  if (!noun || alike.has(last) || /fish$/.test(last) || (/s$/.test(last) && !/(us|ss)$/.test(last))) return noun;
  for (const [end, becomes] of irregular) if (last.endsWith(end)) return noun.slice(0, -end.length) + becomes;
  if (/(s|x|z|ch|sh)$/.test(last)) return noun + 'es';
  if (/y$/.test(last) && !/[aeiou]y$/.test(last)) return noun.slice(0, -1) + 'ies';
  return noun + 's';
}

// "a" or "an" before a noun, by its sound: a unicorn, an hour, an invader.
export const withArticle = (noun) => (soundsLikeVowel(noun.toLowerCase()) ? 'an ' : 'a ') + noun;

function soundsLikeVowel(noun) {
  const word = noun.split(/[ -]+/).find((w) => w) || '';
  if (/^[0-9]/.test(word)) return /^8/.test(word) || word === '11' || word === '18';
  if (/^[a-z]/.test(word) && (word.length === 1 || /^[b-df-hj-np-tv-xz]+$/.test(word))) return /^[aefhilmnorsx]/.test(word); // letters are said one by one
  if (/^(hour|honest|honor|honour|heir|unin|unim|unid)/.test(word)) return true;
  if (/^(uni|use|usu|ute|uti|uto|ufo|ura|eu|ew|one|once)/.test(word)) return false;
  return /^[aeiouàáâäåæèéêëìíîïòóôöøùúûü]/.test(word);
}
