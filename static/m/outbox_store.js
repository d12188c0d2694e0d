// What the outbox keeps on the device, in IndexedDB: items with their files, and photos of drafts. An item is written whole,
// with all its files, or not at all. ES2017, no library; `window.OutboxStore` is null where there is no IndexedDB. Where there is
// one that nobody may open (a foreign frame, a private window), `usable()` says so.
"use strict";
window.OutboxStore = (() => {
  let factory = null;
  try { factory = window.indexedDB; } catch (error) { /* asking alone is forbidden */ }
  if (!factory) return null;
  const ITEMS = "items", FILES = "files", DRAFTS = "drafts";
  let opened = null;

  const result = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const ended = (work) => new Promise((resolve, reject) => {
    work.oncomplete = () => resolve();
    work.onerror = work.onabort = () => reject(work.error);
  });

  const open = () => {
    if (!opened) {
      opened = new Promise((resolve) => {
        const request = factory.open("gridgov-outbox", 1);
        request.onupgradeneeded = () => {
          request.result.createObjectStore(ITEMS, { keyPath: "id" });
          request.result.createObjectStore(FILES, { keyPath: "id" }).createIndex("item", "item");
          request.result.createObjectStore(DRAFTS, { keyPath: "key" });
        };
        resolve(result(request).then((base) => {
          // A later version of these pages wants to change the stores: an old page that lies open lets go of them.
          base.onversionchange = () => { base.close(); opened = null; };
          base.onclose = () => { opened = null; };
          return base;
        }));
      });
      opened.catch(() => { opened = null; });
    }
    return opened;
  };
  // "strict": on the disk before we say so; older browsers know no such word and pass over it.
  const begin = async (stores, mode) => (await open()).transaction(stores, mode, { durability: "strict" });
  const write = async (stores, act) => {
    const work = await begin(stores, "readwrite");
    const end = ended(work);
    act.apply(null, stores.map((name) => work.objectStore(name)));
    return end;
  };
  const read = async (store, act) => result(act((await begin([store], "readonly")).objectStore(store)));
  const dropFiles = (files, item, but = []) => {
    files.index("item").openKeyCursor(IDBKeyRange.only(item)).onsuccess = (event) => {
      const cursor = event.target.result;
      if (!cursor) return;
      if (!but.includes(cursor.primaryKey)) files.delete(cursor.primaryKey);
      cursor.continue();
    };
  };

  return {
    usable: () => open().then(() => true, () => false),
    // Keep ITEM with the bytes of its FILES [{id, item, data}].
    put: (item, files) => write([ITEMS, FILES], (items, kept) => {
      items.put(item);
      files.forEach((file) => kept.put(file));
    }),
    // The items of USER, the oldest first.
    all: async (user) => (await read(ITEMS, (items) => items.getAll()))
      .filter((item) => item.user === user).sort((a, b) => a.at - b.at),
    // Put ITEM in place of itself, with FILES [{id, item, data}] in place of all it had.
    swap: (item, files) => write([ITEMS, FILES], (items, kept) => {
      items.put(item);
      dropFiles(kept, item.id, files.map((file) => file.id));
      files.forEach((file) => kept.put(file));
    }),
    // Change ITEM where it is still there.
    change: (item) => write([ITEMS], (items) => {
      items.getKey(item.id).onsuccess = (event) => { if (event.target.result !== undefined) items.put(item); };
    }),
    bytes: async (id) => { const file = await read(FILES, (files) => files.get(id)); return file && file.data; },
    drop: (id) => write([ITEMS, FILES], (items, files) => { items.delete(id); dropFiles(files, id); }),
    // A form that is being filled in: its words {item, fields} and, apart from them, its photos [{id, field, name, type, data}].
    // Not in localStorage: a browser writes that down seconds later, and a battery does not wait.
    draft: async (key) => {
      const words = await read(DRAFTS, (drafts) => drafts.get(key)), photos = await read(DRAFTS, (drafts) => drafts.get(key + "#files"));
      return { words: words && words.words, files: photos ? photos.files : [] };
    },
    keepWords: (key, words) => write([DRAFTS], (drafts) => { drafts.put({ key, words }); }),
    keepFiles: (key, files) => write([DRAFTS], (drafts) => { drafts.put({ key: key + "#files", files }); }),
    // Drafts whose keys begin with PREFIX, but for the one under KEY.
    forget: (prefix, key) => write([DRAFTS], (drafts) => {
      drafts.openCursor(IDBKeyRange.bound(prefix, prefix + "\uffff")).onsuccess = (event) => {
        const cursor = event.target.result;
        if (!cursor) return;
        if (cursor.key !== key) cursor.delete();
        cursor.continue();
      };
    }),
    dropDraft: (key) => write([DRAFTS], (drafts) => { drafts.delete(key); drafts.delete(key + "#files"); }),
    // An item goes back into its form.
    back: (id, key, words, files) => write([ITEMS, FILES, DRAFTS], (items, kept, drafts) => {
      drafts.put({ key, words });
      drafts.put({ key: key + "#files", files });
      items.delete(id);
      dropFiles(kept, id);
    }),
  };
})();
