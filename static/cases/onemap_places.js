// The one map's other layers: units and resources where they are, people on posts and party organisations on their grid.
"use strict";
(() => {
  const { data, map, root, make, icon, ask, set, on, grids } = window.oneMap;
  const signOf = (name, place) => data.placeKinds[place?.kind]?.icon || data.layerIcons[name];
  const sign = (name, place, ...more) => make("span", { class: `om-place om-place-${name}` }, icon(signOf(name, place)), ...more);
  // Beside the grid's number and not on it, each layer on its own side.
  const ANCHORS = { units: [12, 12], resources: [12, 12], posts: [-2, -10], party: [26, -10] };
  const boxed = (name, place, ...more) => L.divIcon({ className: "om-place-box", html: sign(name, place, ...more), iconSize: [24, 24], iconAnchor: ANCHORS[name] });
  const gathered = (name) => L.markerClusterGroup({
    maxClusterRadius: 36, showCoverageOnHover: false, chunkedLoading: true,
    iconCreateFunction: (group) => boxed(name, null, make("small", { class: "om-place-count" }, String(group.getChildCount()))),
  });
  const layers = Object.fromEntries(Object.keys(data.urls.places).map((name) => [name, gathered(name)]));
  const got = {}; // what was answered of each layer

  // Where a place is drawn: its own point, or the point of its grid.
  function spot(place) {
    if (place.at) return [place.at[1], place.at[0]];
    const at = grids?.shapes.get(place.grid)?.feature.properties.at;
    return at ? [at[1], at[0]] : null;
  }

  function bubble(place) {
    const kind = data.placeKinds[place.kind];
    const lines = place.lines.filter(Boolean).slice(0, 12).map((line) => make("li", {}, line));
    return make("div", { class: "om-bubble" }, make("b", {}, place.name), kind ? make("p", { class: "gg-quiet" }, kind.label) : null,
      make("ul", {}, ...lines), make("a", { class: "gg-link", href: place.url }, kind ? data.words.toPage : data.words.toList));
  }

  function count(name, kind, number) {
    root.querySelectorAll(`[data-om-count="${kind || name}"]`).forEach((place) => { place.textContent = String(number); });
  }

  function draw(name) {
    layers[name].clearLayers();
    const placed = got[name].map((place) => ({ place, at: spot(place) })).filter(({ at }) => at);
    const shown = placed.filter(({ place }) => !place.kind || set.has("kinds", place.kind));
    layers[name].addLayers(shown.map(({ place, at }) => {
      const title = place.kind ? `${data.placeKinds[place.kind].label} ${place.name}` : place.name;
      return L.marker(at, { icon: boxed(name, place), title }).bindPopup(() => bubble(place));
    }));
    count(name, "", shown.length);
    if (placed.some(({ place }) => place.kind)) Object.keys(data.placeKinds).forEach((kind) => count(name, kind, placed.filter(({ place }) => place.kind === kind).length));
  }

  async function show() {
    for (const [name, layer] of Object.entries(layers)) {
      if (!set.has("on", name)) {
        layer.remove();
        continue;
      }
      layer.addTo(map);
      // What lies at its own point is the same at every level.
      if (got[name] && !data.byGrid.includes(name)) continue;
      const found = await ask(`places.${name}`, data.urls.places[name], { level: grids?.level || "" });
      if (!found) continue;
      got[name] = found.places;
      draw(name);
    }
  }

  on("level", show);
  on("state", (names) => {
    if (names.has("on")) show();
    if (names.has("kinds")) Object.keys(got).filter((name) => !data.byGrid.includes(name)).forEach(draw);
  });
})();
