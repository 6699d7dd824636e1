// This page carries its files with it. What the game asks for by a relative address is answered from here, so that it
// runs from a disk, an e-mail or any site, without a server.
//
// table has the files by name: a data URL; or, of a style sheet or module that names others, texts and references in turn.
// A worker runs this function too. There, blobs take the place of data URLs.
(function spark(table, base, imports) {
  const files = new Map(table);
  const isPage = typeof document === 'object';

  // A file whose address is needed has one, of a copy that the browser keeps once. Games may release what they believe is theirs.
  const addresses = new Map();
  const kept = new Set();
  const create = URL.createObjectURL.bind(URL);
  const copy = (blob) => {
    const address = create(blob);
    kept.add(address);
    return address;
  };
  // What the game gives addresses to by itself, perhaps the code of a worker.
  const given = new Map();
  URL.createObjectURL = (object) => {
    const address = create(object);
    if (object instanceof Blob) given.set(address, object);
    return address;
  };
  const revoke = URL.revokeObjectURL.bind(URL);
  URL.revokeObjectURL = (address) => {
    if (kept.has(address)) return;
    given.delete(address);
    revoke(address);
  };

  const blobOf = (content) => {
    if (content instanceof Blob) return content;
    const [head, body] = content.split(',', 2);
    return new Blob([Uint8Array.from(atob(body), (c) => c.charCodeAt(0))], {type: head.slice('data:'.length, -';base64'.length)});
  };
  const blobs = new Map();
  const blobFor = (name) => {
    if (!blobs.has(name)) blobs.set(name, blobOf(files.get(name)));
    return blobs.get(name);
  };
  const addressFor = (name) => {
    if (!addresses.has(name)) {
      addresses.set(name, 'data:,'); // to style sheets that import one another
      const content = files.get(name);
      const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
      addresses.set(name, copy(Array.isArray(content) ? new Blob([join(content)], {type}) : blobFor(name)));
    }
    return addresses.get(name);
  };
  // A reference is a name in which characters with a meaning in addresses are escaped, and perhaps a fragment.
  const addressOf = (reference) => {
    const [name, fragment] = reference.split('#');
    return addressFor(decodeURIComponent(name)) + (fragment ? '#' + fragment : '');
  };
  const join = (parts) => parts.map((part, i) => (i % 2 ? addressOf(part) : part)).join('');

  // The name of the file that an address means. One from the root means the game's folder.
  const find = (address) => {
    try {
      const url = new URL(String(address).replace(/^\/(?!\/)/, ''), base);
      url.hash = url.search = '';
      const name = url.href.startsWith(base) ? decodeURIComponent(url.href.slice(base.length)) : undefined;
      return files.has(name) ? name : undefined;
    } catch {
      return undefined;
    }
  };
  const swap = (address) => {
    const name = find(address);
    if (name === undefined) return address;
    return typeof files.get(name) === 'string' ? files.get(name) : addressFor(name);
  };
  const swapToCopy = (address) => {
    const name = find(address);
    return name === undefined ? address : addressFor(name) + (/#.*/.exec(address)?.[0] ?? '');
  };
  const swapInCSS = (css) => String(css).replace(/url\(\s*(?:"([^"]*)"|'([^']*)'|([^'")\s]+))\s*\)/gi, (whole, ...found) => {
    const address = found.slice(0, 3).find((text) => text !== undefined);
    return find(address) === undefined ? whole : `url("${swapToCopy(address)}")`;
  });

  const fetchFile = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const address = input instanceof Request ? input.url : input;
    return fetchFile(swap(address) === address ? input : swap(address), init);
  };
  const open = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function (method, address, ...rest) {
    return open.call(this, method, swap(address), ...rest);
  };
  globalThis.FontFace = class extends FontFace {
    constructor(family, source, descriptors) {
      super(family, typeof source === 'string' ? swapInCSS(source) : source, descriptors);
    }
  };
  // A page from a disk and its workers are strangers: a worker waits for the files, and for its code among them.
  if (globalThis.Worker) {
    globalThis.Worker = class extends Worker {
      constructor(address, options) {
        const code = given.get(String(address));
        const name = find(address);
        if (name === undefined && !code) {
          super(address, options);
          return;
        }
        const type = 'text/javascript';
        super(create(new Blob([`(${begin})(${spark})`], {type})), {...options, type: 'classic'});
        const own = [...files].map(([file, content]) => [file, Array.isArray(content) ? content : blobFor(file)]);
        this.postMessage([own, base, name, code, options?.type === 'module']);
      }
    };
  }
  const begin = (install) => {
    addEventListener('message', (event) => {
      event.stopImmediatePropagation();
      const [table, base, name, code, isModule] = event.data;
      const addressFor = install(table, base);
      const address = code ? URL.createObjectURL(code) : addressFor(name);
      if (!isModule) {
        importScripts(address);
        return;
      }
      const early = [];
      const hold = (later) => {
        later.stopImmediatePropagation();
        early.push(later);
      };
      addEventListener('message', hold);
      import(address).then(
        () => {
          removeEventListener('message', hold);
          for (const {data, ports} of early) dispatchEvent(new MessageEvent('message', {data, ports}));
        },
        (error) => setTimeout(() => { throw error; }),
      );
    }, {once: true});
  };
  globalThis.sparkBase = base;
  if (!isPage) {
    const {importScripts} = globalThis;
    if (importScripts) globalThis.importScripts = (...scripts) => importScripts(...scripts.map(swapToCopy));
    return addressFor;
  }

  // What modules import by an address that leads here. The browser compares addresses without decoding them, so each module is
  // there as an author writes it, as encodeURIComponent does, and as Go does, which wrote the imports of the page's own modules.
  const spellings = [
    (name) => name.replace(/[%?#]/g, encodeURIComponent),
    encodeURIComponent,
    (name) =>
      encodeURIComponent(name)
        .replace(/%(24|26|2B|3A|3D|40)/g, decodeURIComponent)
        .replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase()),
  ];
  const modules = [...files.keys()].filter((name) => /\.m?js$/.test(name));
  if (imports || modules.length > 0) {
    const all = modules.flatMap((name) => spellings.map((spell) => ['./' + name.split('/').map((part) => spell(part)).join('/'), addressFor(name)]));
    for (const [specifier, address] of Object.entries(imports ?? {})) all.push([specifier, swapToCopy(address)]);
    const map = document.createElement('script');
    map.type = 'importmap';
    map.textContent = JSON.stringify({imports: Object.fromEntries(all)});
    document.currentScript.after(map);
  }

  // A style is given as texts and references, which take turns; it takes the place of the script that calls.
  globalThis.sparkStyle = (parts, attributes) => {
    const style = document.createElement('style');
    for (const [name, value] of Object.entries(attributes)) style.setAttribute(name, value);
    style.textContent = join(parts);
    document.currentScript.replaceWith(style);
  };

  const swapAttribute = (name, value) => {
    switch (name.toLowerCase()) {
      case 'src':
      case 'poster':
      case 'data':
        return swap(value);
      case 'href':
      case 'xlink:href':
        return swapToCopy(value);
      case 'srcset':
      case 'imagesrcset':
        return String(value).replace(/[^\s,]\S*[^\s,]|[^\s,]/g, swapToCopy);
      case 'style':
        return swapInCSS(value);
    }
    return value;
  };
  const {setAttribute} = Element.prototype;
  const {setAttributeNS} = Element.prototype;
  Element.prototype.setAttribute = function (name, value) {
    return setAttribute.call(this, name, swapAttribute(String(name), value));
  };
  Element.prototype.setAttributeNS = function (space, name, value) {
    return setAttributeNS.call(this, space, name, swapAttribute(String(name), value));
  };

  // What the parser gives a namespace keeps it.
  const put = (element, name, value) =>
    name.startsWith('xlink:') ? setAttributeNS.call(element, 'http://www.w3.org/1999/xlink', name, value) : setAttribute.call(element, name, value);

  const intercept = (type, property, change) => {
    const {set, ...rest} = Object.getOwnPropertyDescriptor(type.prototype, property);
    Object.defineProperty(type.prototype, property, {
      ...rest,
      set(value) {
        set.call(this, change(value));
      },
    });
  };
  for (const [property, types] of Object.entries({
    src: [HTMLImageElement, HTMLMediaElement, HTMLSourceElement, HTMLScriptElement, HTMLTrackElement, HTMLEmbedElement, HTMLIFrameElement, HTMLInputElement],
    srcset: [HTMLImageElement, HTMLSourceElement],
    href: [HTMLLinkElement, HTMLAnchorElement],
    poster: [HTMLVideoElement],
    data: [HTMLObjectElement],
  })) {
    for (const type of types) intercept(type, property, (value) => swapAttribute(property, value));
  }
  const SilentAudio = Audio;
  globalThis.Audio = function Audio(address) {
    const audio = new SilentAudio();
    if (address !== undefined) audio.src = address;
    return audio;
  };
  globalThis.Audio.prototype = SilentAudio.prototype;
  const {addModule} = Worklet.prototype;
  Worklet.prototype.addModule = function (address, options) {
    return addModule.call(this, swapToCopy(address), options);
  };

  // Markup that code makes is changed before the browser loads what it names.
  const markup = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML');
  const swapInMarkup = (html) => {
    const inert = document.createElement('template');
    markup.set.call(inert, html);
    let changed = false;
    for (const element of inert.content.querySelectorAll('*')) {
      for (const {name, value} of [...element.attributes]) {
        const swapped = swapAttribute(name, value);
        if (swapped !== value) {
          changed = true;
          put(element, name, swapped);
        }
      }
    }
    return changed ? inert.innerHTML : html;
  };
  intercept(Element, 'innerHTML', swapInMarkup);
  intercept(Element, 'outerHTML', swapInMarkup);
  const {insertAdjacentHTML} = Element.prototype;
  Element.prototype.insertAdjacentHTML = function (place, html) {
    return insertAdjacentHTML.call(this, place, swapInMarkup(html));
  };
  for (const method of ['insertRule', 'replace', 'replaceSync']) {
    const original = CSSStyleSheet.prototype[method];
    CSSStyleSheet.prototype[method] = function (css, ...rest) {
      return original.call(this, swapInCSS(css), ...rest);
    };
  }

  // What the page's own markup names stands in data-spark-src and the like, as texts and references, until the element is there.
  const prefix = 'data-spark-';
  const settle = (element) => {
    for (const {name, value} of [...element.attributes]) {
      if (name.startsWith(prefix)) {
        element.removeAttribute(name);
        put(element, name.slice(prefix.length), join(JSON.parse(value)));
        if (element instanceof HTMLSourceElement && element.parentNode instanceof HTMLMediaElement) element.parentNode.load();
      }
    }
    settleStyle(element);
  };
  // Styles that code sets are changed before they are drawn, which is when the browser loads what they name.
  const settleStyle = (element) => {
    const style = element.getAttribute('style');
    if (style && swapInCSS(style) !== style) element.setAttribute('style', style);
    if (element instanceof HTMLStyleElement && swapInCSS(element.textContent) !== element.textContent) {
      element.textContent = swapInCSS(element.textContent);
    }
  };
  new MutationObserver((changes) => {
    for (const {type, target, addedNodes} of changes) {
      if (type === 'attributes' || target instanceof HTMLStyleElement) settleStyle(target);
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        settle(node);
        node.querySelectorAll('*').forEach(settle);
      }
    }
  }).observe(document, {childList: true, subtree: true, attributes: true, attributeFilter: ['style']});
  settle(document.documentElement);
})(
  __FILES__,
  (() => {
    try {
      return new URL('.', document.baseURI).href;
    } catch {
      return 'https://game.invalid/'; // the page has no place of its own
    }
  })(),
  __IMPORTS__,
);
