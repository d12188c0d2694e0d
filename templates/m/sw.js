// The phone's pages without a network. Kept are the forms that say nothing about anybody (header X-Offline: shell) and the files
// that they load; every other page needs the network, and is answered by a calm one where there is none.
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
    const answer = await fetch(address).catch(() => null);
    if (answer && answer.ok) await files.put(address, answer);
  }));
};
const isShell = (answer) => answer.ok && !answer.redirected && answer.headers.get("X-Offline") === "shell";
const keepPage = async (address, answer) => {
  const words = await answer.clone().text();
  await (await caches.open(PAGES)).put(address, answer);
  await keepFiles((words.match(/(?:src|href)="(\/static\/[^"]+)/g) || []).map((found) => found.replace(/^[^"]+"/, "")));
};
const fill = () => Promise.all(KNOWN.shells.map(async (address) => {
  // Signed out it would lead to the sign-in page: following that from here never ends in Chromium.
  const answer = await fetch(address, { credentials: "same-origin", redirect: "error", headers: { Accept: "text/html" } }).catch(() => null);
  if (answer && isShell(answer)) await keepPage(address, answer);
}));

addEventListener("install", (event) => event.waitUntil(keepFiles(KNOWN.files).then(fill)));
addEventListener("activate", (event) => event.waitUntil((async () => {
  const old = (await caches.keys()).filter((name) => /^gridgov-(files|pages)-/.test(name) && ![FILES, PAGES].includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
})()));
addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(skipWaiting());
  if (event.data === "fill") event.waitUntil(fill());
});

const page = async (event, address) => {
  const pages = await caches.open(PAGES), own = await pages.match(address), other = insteadOf(address);
  // What takes the place of a page is shown later than a form that is the page.
  const kept = own || (other && await pages.match(other)), patient = own ? PATIENCE : LONG_PATIENCE;
  const asked = fetch(event.request).then((answer) => {
    if (isShell(answer)) event.waitUntil(keepPage(address, answer.clone()));
    return answer;
  });
  const patience = kept && new Promise((done) => { setTimeout(() => done(kept), patient); });
  try {
    return await (kept ? Promise.race([asked, patience]) : asked);
  } catch (error) {
    return kept || (await pages.match(KNOWN.offline)) || Response.error();
  }
};
// What a form loads only when it is asked to (the map) is kept from then on.
const file = async (event) => {
  const files = await caches.open(FILES), kept = await files.match(event.request.url);
  if (kept) return kept;
  const answer = await fetch(event.request);
  if (answer.ok) event.waitUntil(files.put(event.request.url, answer.clone()));
  return answer;
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
