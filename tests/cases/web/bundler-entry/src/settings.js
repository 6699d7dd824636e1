export default 'cfg';
