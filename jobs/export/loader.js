// This page carries its files with it. What the game asks for by a relative address is answered from here, so that it
// runs from a disk, an e-mail or any site, without a server.
(() => {
  const files = __FILES__;
  const base = new URL('.', document.baseURI).href;
  const find = (address) => {
    try {
      const url = new URL(String(address), document.baseURI);
      url.hash = url.search = '';
      return url.href.startsWith(base) ? files[decodeURIComponent(url.href.slice(base.length))] : undefined;
    } catch {
      return undefined;
    }
  };
  const swap = (address) => find(address) ?? address;

  const fetchFile = window.fetch;
  window.fetch = (input, init) => fetchFile(typeof input === 'string' || input instanceof URL ? swap(input) : swap(input.url) === input.url ? input : swap(input.url), init);

  const open = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function (method, address, ...rest) {
    return open.call(this, method, swap(address), ...rest);
  };

  for (const [type, attribute] of [[HTMLImageElement, 'src'], [HTMLMediaElement, 'src'], [HTMLSourceElement, 'src'], [HTMLScriptElement, 'src'], [HTMLLinkElement, 'href']]) {
    const property = Object.getOwnPropertyDescriptor(type.prototype, attribute);
    Object.defineProperty(type.prototype, attribute, {
      ...property,
      set(address) {
        property.set.call(this, swap(address));
      },
    });
  }
})();
