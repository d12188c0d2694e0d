// The own open orders that this telephone carries: fetched while there is a network, kept for some hours, for their own account alone.
// No personal data (cases/reports/carried.py). [data-carry] is the switch of a shared telephone; signing out forgets all (m.js).
"use strict";
window.gridgovCarried = (() => {
  const store = window.OutboxStore, user = document.documentElement.dataset.user, OFF = "carry-nothing";
  if (!store || !user) return null;
  const prefix = "carried:", key = prefix + user;
  const off = () => { try { return localStorage.getItem(OFF) === "yes"; } catch (error) { return true; } };
  const forget = () => store.forget(prefix).catch(() => null);

  // {at, hours, orders}, or null: nothing is carried, or it is too old to go by.
  const read = async () => {
    const draft = await store.draft(key).catch(() => null), found = draft && draft.words;
    if (!found || off()) return null;
    const age = Date.now() - found.kept;
    if (age >= 0 && age < found.hours * 3600000) return found;
    await forget();
    return null;
  };
  const fetchNow = async (address) => {
    const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer) return;
    const found = answer.ok ? await answer.json().catch(() => null) : null;
    // Signed out, another role, another account: what was carried is not theirs to see.
    if (!found || found.user !== user || !found.hours) {
      if (answer.status < 500) await forget();
      return;
    }
    await store.forget(prefix, key);
    await store.keepWords(key, Object.assign(found, { kept: Date.now() }));
  };

  const source = document.querySelector("[data-carried-from]");
  if (source && navigator.onLine !== false) {
    const started = off() ? forget() : fetchNow(source.dataset.carriedFrom);
    started.catch(() => null).then(() => { source.dataset.carried = "done"; });
  }
  const box = document.querySelector("[data-carry]");
  if (box) {
    box.checked = !off();
    box.closest("[hidden]").hidden = false;
    box.addEventListener("change", () => {
      try { localStorage.setItem(OFF, box.checked ? "no" : "yes"); } catch (error) { box.checked = false; }
      forget();
    });
  }
  return { read };
})();
