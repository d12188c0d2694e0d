// The one map: what its parts share. `oneMap` holds the page's data, the Leaflet map and the state, which also stands in the
// address after #, so that a link shows what its sender saw. Parts hear of changes by events on the page's root.
"use strict";
window.oneMap = (() => {
  const root = document.querySelector(".om");
  const data = JSON.parse(document.getElementById("onemap-data").textContent);
  const USUAL = { level: "auto", figure: data.figures[0], day: "", span: "7", cases: "open", state: "", on: "cases,numbers,tiles", tiers: "A,B,C", lights: "calm,near,late,done,held", kinds: Object.keys(data.placeKinds).join(","), grid: "", at: "" };
  const state = { ...USUAL };

  // --- words and elements

  // "{n} cases" with its values.
  const fill = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name] ?? "");
  const say = (name, values) => fill(data.words[name], values);
  const part = (name) => root.querySelector(`[data-om-${name}]`);

  // An element with its children; texts are texts, never markup.
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== false && value != null) element.setAttribute(name, value);
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }
  const icon = (name) => make("span", { class: "material-symbols-outlined", "aria-hidden": "true" }, name);

  // --- asking

  // The answer of URL as JSON, or null if it did not come; who asks again under the same NAME drops the question before.
  const asking = {};
  async function ask(name, url, values = {}) {
    asking[name]?.abort();
    const control = (asking[name] = new AbortController());
    const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "")).toString();
    try {
      const answer = await fetch(query ? `${url}${url.includes("?") ? "&" : "?"}${query}` : url, { signal: control.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      if (control.signal.aborted) return null;
      part("said").textContent = "";
      return found;
    } catch (error) {
      if (error.name !== "AbortError") part("said").textContent = data.words.failed;
      return null;
    }
  }

  // --- state

  const set = {
    has: (name, value) => state[name].split(",").includes(value),
    with: (name, value, wanted) => [...new Set([...state[name].split(",").filter((one) => one && one !== value), ...(wanted ? [value] : [])])].join(","),
  };

  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    for (const name of Object.keys(USUAL)) state[name] = given.get(name) ?? USUAL[name];
    if (state.level !== "auto" && !data.levels.some((level) => level.name === state.level)) state.level = "auto";
    if (!data.figures.includes(state.figure)) state.figure = USUAL.figure;
    if (!/^\d{4}-\d\d-\d\d$/.test(state.day)) state.day = "";
  }

  function write() {
    const told = Object.entries(state).filter(([name, value]) => value !== USUAL[name]);
    history.replaceState(null, "", `#${new URLSearchParams(told).toString()}`);
  }

  const emit = (name, detail) => root.dispatchEvent(new CustomEvent(`om:${name}`, { detail }));
  const on = (name, act) => root.addEventListener(`om:${name}`, (event) => act(event.detail));

  // Take over CHANGES of the state and tell the parts which of its names differ now.
  function change(changes) {
    const changed = Object.keys(changes).filter((name) => state[name] !== changes[name]);
    if (!changed.length) return;
    Object.assign(state, changes);
    write();
    show();
    emit("state", new Set(changed));
  }

  // --- controls

  const inputs = (name) => root.querySelectorAll(`[name=${name}]`);
  const CHOSEN = ["figure", "span", "cases", "state"];
  const TICKED = { layer: "on", tier: "tiers", light: "lights", kind: "kinds" };

  // Let the controls show the state.
  function show() {
    inputs("level").forEach((input) => { input.checked = input.value === state.level; });
    CHOSEN.forEach((name) => inputs(name).forEach((input) => { input.value = state[name]; }));
    Object.entries(TICKED).forEach(([name, key]) => inputs(name).forEach((input) => { input.checked = set.has(key, input.value); }));
    const ofCases = part("of-cases");
    if (ofCases) ofCases.hidden = !set.has("on", "cases");
    root.querySelectorAll("[data-om-kinds]").forEach((box) => { box.hidden = !set.has("on", box.dataset.omKinds); });
  }

  function listen() {
    inputs("level").forEach((input) => input.addEventListener("change", () => change({ level: input.value })));
    CHOSEN.forEach((name) => inputs(name).forEach((input) => input.addEventListener("change", () => change({ [name]: input.value }))));
    Object.entries(TICKED).forEach(([name, key]) => inputs(name).forEach((input) => input.addEventListener("change", () => change({ [key]: set.with(key, input.value, input.checked) }))));
    window.addEventListener("hashchange", () => { read(); show(); place(); emit("state", new Set(Object.keys(USUAL))); });
    part("copy")?.addEventListener("click", async () => {
      await navigator.clipboard?.writeText(location.href);
      part("said").textContent = data.words.copied;
    });
  }

  // --- the map

  const map = L.map(part("map"), { maxZoom: 20, zoomSnap: 0.25, attributionControl: data.tiles.length > 0, zoomControl: false }).setView([35, 105], 4);
  L.control.zoom({ zoomInTitle: data.words.zoomIn, zoomOutTitle: data.words.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.attributionControl?.setPrefix(false);
  const tiles = L.layerGroup(data.tiles.map((tile) => L.tileLayer(tile.url, tile.options)));

  function tile() {
    if (set.has("on", "tiles")) tiles.addTo(map);
    else tiles.remove();
  }

  // Go where the address says; answers whether it said so.
  function place() {
    const [lat, lng, zoom] = state.at.split(",").map(Number);
    if (![lat, lng, zoom].every(Number.isFinite) || !state.at) return false;
    map.setView([lat, lng], zoom, { animate: false });
    return true;
  }

  function moved() {
    const centre = map.getCenter();
    state.at = [centre.lat.toFixed(5), centre.lng.toFixed(5), map.getZoom()].join(",");
    write();
    emit("moved");
  }

  // Once all parts have been read: go to the place, then hear of moves.
  document.addEventListener("DOMContentLoaded", async () => {
    read();
    show();
    listen();
    tile();
    on("state", (names) => { if (names.has("on")) tile(); });
    if (!place()) await one.home();
    map.on("moveend", moved);
    emit("state", new Set(Object.keys(USUAL)));
  });

  const one = { root, data, state, map, say, fill, part, make, icon, ask, set, change, emit, on, home: async () => {} };
  return one;
})();
