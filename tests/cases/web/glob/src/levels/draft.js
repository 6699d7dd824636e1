throw new Error('a draft');
