// The workbench without reloading: asks for what changed, puts it in place without moving the reader, and says so.
// Without this script the page is whole: tabs, lines and steps are links.
"use strict";
(() => {
  const EVERY = 15_000, LONGEST = 5 * 60_000, PATIENCE = 20_000;
  const root = document.querySelector("[data-workbench]");
  const words = (name, values) => root.dataset[`words${name}`].replace(/{(\w+)}/g, (_all, key) => values[key]);
  const parts = new Map([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
  const shown = new Map([...parts].map(([name, part]) => [name, part.innerHTML.trim()]));
  const live = root.querySelector("[data-live]");
  const said = root.querySelector("[data-say]");
  const dialog = document.getElementById("verb-dialog");
  let version = "", timer = 0, failures = 0, lostAt = "", asking = null, over = false;
  let tab = new URLSearchParams(location.search).get("tab") || "";

  const clock = () => new Date().toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai" });
  const waits = () => Number(root.querySelector("[data-waits]")?.dataset.waits || 0);

  function tell(state, text) {
    live.dataset.live = state;
    live.querySelector("[data-live-words]").textContent = text;
  }

  function say(text) {
    said.textContent = text;
  }

  // Two hundred desks that were opened together must not ask together.
  function next() {
    clearTimeout(timer);
    if (document.hidden || over) return;
    const pause = Math.min(EVERY * 2 ** failures, LONGEST);
    timer = setTimeout(refresh, pause * (0.85 + 0.3 * Math.random()));
  }

  async function refresh({ afresh = false } = {}) {
    if (over) return;
    clearTimeout(timer);
    asking?.abort();
    const mine = asking = new AbortController();
    const patience = setTimeout(() => mine.abort("slow"), PATIENCE);
    try {
      const headers = { "X-Fragment": "1", ...(version && !afresh ? { "If-None-Match": version } : {}) };
      const url = `${root.dataset.workbench}?tab=${encodeURIComponent(tab)}`;
      const answer = await fetch(url, { headers, signal: mine.signal });
      if (answer.redirected) { signedOut(); return; }
      if (answer.status !== 304) {
        if (!answer.ok || !answer.headers.has("X-Fragment")) throw new Error(`answered ${answer.status}`);
        put(new DOMParser().parseFromString(await answer.text(), "text/html"));
        version = answer.headers.get("ETag");
      }
      failures = 0;
      lostAt = "";
      tell("fresh", words("Fresh", { time: clock() }));
    } catch {
      if (mine !== asking) return; // another question took its place
      failures += 1;
      if (!lostAt) {
        lostAt = clock();
        say(words("Lost", { time: lostAt }));
      }
      tell("lost", words("Lost", { time: lostAt }));
    } finally {
      clearTimeout(patience);
      if (mine === asking) { asking = null; next(); }
    }
  }

  function signedOut() {
    over = true;
    tell("lost", words("Out", {}));
    say(words("Out", {}));
  }

  // --- putting what came in its place ------------------------------------------------------------------------------

  function put(fresh) {
    const before = waits();
    for (const part of fresh.querySelectorAll("[data-part]")) swap(part.dataset.part, part.innerHTML.trim());
    const after = waits();
    document.title = (after ? `(${after}) ` : "") + root.dataset.title;
    badge(root.querySelector("[data-unread]").dataset.unread);
    const told = [...fresh.querySelectorAll("[data-said]")].map((line) => line.textContent);
    if (after > before) told.push(words("More", { count: after - before }));
    if (told.length) say(told.join(" "));
  }

  // The number beside the inbox in the sidebar, where there was one when the page was made.
  function badge(unread) {
    const mark = document.querySelector(`#nav-sidebar a[href="${root.dataset.inbox}"] [class*="min-w-"]`);
    if (!mark) return;
    mark.hidden = unread === "0";
    mark.textContent = unread;
  }

  // Only what differs is replaced; whoever stood on a line stands on it again, or on the one that took its place.
  function swap(name, html) {
    const part = parts.get(name);
    if (!part || shown.get(name) === html) return;
    const had = new Set([...part.querySelectorAll("[data-key]")].map((line) => line.dataset.key));
    const held = part.contains(document.activeElement) ? document.activeElement : null;
    const key = held?.closest("[data-key]")?.dataset.key, role = held?.dataset.role;
    const place = held ? [...part.querySelectorAll(`[data-role="${role}"]`)].indexOf(held) : -1;
    shown.set(name, html);
    part.innerHTML = html;
    if (name === "lines" && had.size) {
      for (const line of part.querySelectorAll("[data-key]")) line.classList.toggle("gg-new", !had.has(line.dataset.key));
    }
    if (!held) return;
    const alike = [...part.querySelectorAll(`[data-role="${role}"]`)];
    const again = alike.find((one) => one.closest("[data-key]").dataset.key === key) || alike[Math.min(place, alike.length - 1)];
    (again || part.querySelector("[tabindex]"))?.focus({ preventScroll: true });
  }

  function open(name) {
    tab = name;
    history.pushState(null, "", `?tab=${encodeURIComponent(name)}`);
    refresh({ afresh: true });
  }

  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-tab]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(link.dataset.tab);
  });
  addEventListener("popstate", () => {
    tab = new URLSearchParams(location.search).get("tab") || "";
    refresh({ afresh: true });
  });

  // A step that is done leaves the reader here.
  dialog.addEventListener("verb-done", (event) => {
    event.preventDefault();
    dialog.close();
    refresh({ afresh: true });
  });

  function seen() {
    if (document.hidden) clearTimeout(timer);
    else refresh();
  }
  document.addEventListener("visibilitychange", seen);
  addEventListener("online", () => refresh());
  addEventListener("pageshow", (event) => { if (event.persisted) refresh(); });

  // --- keys --------------------------------------------------------------------------------------------------------

  const keys = document.getElementById("keys-dialog");
  const lines = () => [...root.querySelectorAll("[data-role=line]")];
  const lineAt = () => document.activeElement?.closest("li[data-key]")?.querySelector("[data-role=line]");

  function walk(step) {
    const all = lines(), here = all.indexOf(lineAt());
    const to = here < 0 ? all.at(step > 0 ? 0 : -1) : all[Math.min(Math.max(here + step, 0), all.length - 1)];
    to?.focus();
  }

  function turn(step) {
    const all = [...root.querySelectorAll("a[data-tab]")];
    const here = Math.max(all.findIndex((one) => one.dataset.tab === tab), 0);
    if (all.length) open(all[(here + step + all.length) % all.length].dataset.tab);
  }

  const KEYS = {
    j: () => walk(1),
    k: () => walk(-1),
    s: () => lineAt()?.closest("li").querySelector("[data-role=next]")?.click(),
    "[": () => turn(-1),
    "]": () => turn(1),
    "/": () => root.querySelector("#search-cases")?.focus(),
    r: () => refresh(),
    "?": () => keys.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, [contenteditable], .leaflet-container")) return;
    const arrows = lineAt() ? { ArrowDown: "j", ArrowUp: "k" } : {};
    const act = KEYS[arrows[event.key] || event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  root.querySelector("[data-keys]")?.addEventListener("click", KEYS["?"]);

  // --- the first visit ---------------------------------------------------------------------------------------------

  const first = root.querySelector("[data-first]");
  if (first) {
    first.hidden = localStorage.getItem("workbenchSeen") === "1";
    first.querySelector("button").addEventListener("click", () => {
      localStorage.setItem("workbenchSeen", "1");
      first.hidden = true;
    });
  }

  next();
})();
