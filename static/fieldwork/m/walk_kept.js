// The patrol that goes on on this phone: {patrol} one that the house knows, or {key, start, fields, points} one begun without a
// network. In IndexedDB, for a battery does not wait until a browser writes localStorage down. Null where there is none.
"use strict";
window.gridgovWalk = (() => {
  const store = window.OutboxStore, user = document.documentElement.dataset.user;
  if (!store || !user) return null;
  const key = "walk:" + user;
  const kept = {
    read: () => store.draft(key).then((draft) => draft.words || null, () => null),
    write: (walk) => store.keepWords(key, walk),
    end: () => store.dropDraft(key).catch(() => null),
  };
  // A page on which no patrol of the house's runs: one that runs on the phone alone is led to, one that the house ended is over.
  const link = document.querySelector("[data-walk-link]"), begin = document.querySelector("[data-begin-online]");
  if (link) kept.read().then((walk) => {
    if (!walk) return;
    if (walk.patrol) { kept.end(); return; }
    link.hidden = false;
    if (begin) begin.hidden = true;
  });
  return kept;
})();
