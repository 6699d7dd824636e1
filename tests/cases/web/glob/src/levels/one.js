export default 1;
export const name = 'one';
