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
  // Files that several places name have one address each, of a copy that the browser keeps once.
  const addresses = {};
  const addressOf = (name) =>
    (addresses[name] ??= (() => {
      const [head, body] = files[name].split(',', 2);
      const bytes = Uint8Array.from(atob(body), (c) => c.charCodeAt(0));
      return URL.createObjectURL(new Blob([bytes], {type: head.slice('data:'.length, -';base64'.length)}));
    })());

  // A style is given as texts and names of files, which take turns; it takes the place of the script that calls.
  window.sparkStyle = (parts) => {
    const style = document.createElement('style');
    style.textContent = parts.map((part, i) => (i % 2 ? addressOf(part) : part)).join('');
    document.currentScript.replaceWith(style);
  };

  // What markup names stands in data-spark-src and the like until the element is there.
  const prefix = 'data-spark-';
  const settle = (element) => {
    for (const {name, value} of [...element.attributes]) {
      if (name.startsWith(prefix) && value in files) {
        element.removeAttribute(name);
        element.setAttribute(name.slice(prefix.length), addressOf(value));
      }
    }
  };
  const settleAll = (root) => {
    if (root.nodeType === Node.ELEMENT_NODE) {
      settle(root);
      root.querySelectorAll('*').forEach(settle);
    }
  };
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(settleAll))).observe(document, {
    childList: true,
    subtree: true,
  });

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
