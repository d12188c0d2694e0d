// The phone's pages without a network. Kept are the forms that say nothing about anybody (header X-Offline: shell) and the files
// that they load; every other page needs the network, and is answered by a calm one where there is none.
//
// Each version keeps pages and files of its own. A page names its files by their content, so an old page that is shown still gets
// its old files and a new page its new ones: what an earlier version kept goes only when this one holds all of it (`tidy`), for it
// may have been installed on a network that broke. Reports that wait are no business of the worker's: they lie in IndexedDB.
"use strict";
const KNOWN = {{ known|safe }};
const FILES = `gridgov-files-${KNOWN.version}`, PAGES = `gridgov-pages-${KNOWN.version}`;
// A form that is kept is shown after so long; on a weak signal nobody waits for a newer one.
const PATIENCE = 2500, LONG_PATIENCE = 8000;
const insteadOf = (address) => (KNOWN.instead.find((pair) => new RegExp(pair[0]).test(address)) || [])[1];

const keepFiles = async (addresses) => {
  const files = await caches.open(FILES);
  await Promise.all(addresses.map(async (address) => {
    if (await files.match(address)) return;
    const answer = await fetch(address);
    if (answer.ok) await files.put(address, answer);
  }));
};
const earlier = async (kind) => (await caches.keys()).filter((name) => name.startsWith(`gridgov-${kind}-`) && ![FILES, PAGES].includes(name));
// What is kept under ADDRESS, by this version or else by an earlier one.
const kept = async (kind, address) => {
  for (const name of [kind === "pages" ? PAGES : FILES, ...await earlier(kind)]) {
    const found = await (await caches.open(name)).match(address);
    if (found) return found;
  }
  return undefined;
};
const isShell = (answer) => answer.ok && !answer.redirected && answer.headers.get("X-Offline") === "shell";
// A page is kept once all its files are: never half a form.
const keepPage = async (address, answer) => {
  const words = await answer.clone().text();
  await keepFiles((words.match(/(?:src|href)="(\/static\/[^"]+)/g) || []).map((found) => found.replace(/^[^"]+"/, "")));
  await (await caches.open(PAGES)).put(address, answer);
};
const fill = () => Promise.all(KNOWN.shells.map(async (address) => {
  // Signed out it would lead to the sign-in page: following that from here never ends in Chromium.
  const answer = await fetch(address, { credentials: "same-origin", redirect: "error", headers: { Accept: "text/html" } }).catch(() => null);
  if (answer && isShell(answer)) await keepPage(address, answer).catch(() => null);
}));
const tidy = async () => {
  const pages = await caches.open(PAGES), old = await earlier("pages");
  for (const name of old) {
    for (const request of await (await caches.open(name)).keys()) {
      const path = new URL(request.url).pathname;
      if (KNOWN.shells.includes(path) && !(await pages.match(path))) return;
    }
  }
  // The files of the version before stay, for its pages that lie open; caches are listed as they were made.
  await Promise.all([...old, ...(await earlier("files")).slice(0, -1)].map((name) => caches.delete(name)));
};

addEventListener("install", (event) => event.waitUntil(keepFiles(KNOWN.files).then(fill)));
addEventListener("activate", (event) => event.waitUntil(tidy().then(() => clients.claim())));
addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(skipWaiting());
  if (event.data === "fill") event.waitUntil(fill().then(tidy));
});

const page = async (event, address) => {
  const own = await kept("pages", address), other = insteadOf(address);
  // What takes the place of a page is shown later than a form that is the page.
  const found = own || (other && await kept("pages", other)), patient = own ? PATIENCE : LONG_PATIENCE;
  const asked = fetch(event.request).then((answer) => {
    if (isShell(answer)) event.waitUntil(keepPage(address, answer.clone()).catch(() => null));
    return answer;
  });
  const patience = found && new Promise((done) => { setTimeout(() => done(found), patient); });
  try {
    return await (found ? Promise.race([asked, patience]) : asked);
  } catch (error) {
    return found || (await kept("pages", KNOWN.offline)) || Response.error();
  }
};
// What a form loads only when it is asked to (the map) is kept from then on.
const file = async (event) => {
  const files = await caches.open(FILES), own = await files.match(event.request.url);
  if (own) return own;
  const answer = await fetch(event.request).catch(() => null);
  if (answer && answer.ok) {
    event.waitUntil(files.put(event.request.url, answer.clone()));
    return answer;
  }
  // An old page still lies open: the house has its files no more.
  return (await kept("files", event.request.url)) || answer || Response.error();
};

addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    // What is asked behind the "?" is read by the page's own script.
    if (url.pathname.startsWith("/m/")) event.respondWith(page(event, url.pathname));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(file(event));
  }
});
