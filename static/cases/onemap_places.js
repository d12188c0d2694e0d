// The one map's other layers: units where they are, people on posts and party organisations on the grid they belong to.
"use strict";
(() => {
  const { data, map, root, make, icon, ask, set, on, grids } = window.oneMap;
  const sign = (name, ...more) => make("span", { class: `om-place om-place-${name}` }, icon(data.layerIcons[name]), ...more);
  // Beside the grid's number and not on it, each layer on its own side.
  const ANCHORS = { units: [12, 12], posts: [-2, -10], party: [26, -10] };
  const boxed = (name, ...more) => L.divIcon({ className: "om-place-box", html: sign(name, ...more), iconSize: [24, 24], iconAnchor: ANCHORS[name] });
  const gathered = (name) => L.markerClusterGroup({
    maxClusterRadius: 36, showCoverageOnHover: false,
    iconCreateFunction: (group) => boxed(name, make("small", { class: "om-place-count" }, String(group.getChildCount()))),
  });
  const layers = Object.fromEntries(Object.keys(data.urls.places).map((name) => [name, gathered(name)]));

  // Where a place is drawn: its own point, or the point of its grid.
  function spot(place) {
    if (place.at) return [place.at[1], place.at[0]];
    const at = grids?.shapes.get(place.grid)?.feature.properties.at;
    return at ? [at[1], at[0]] : null;
  }

  function draw(name, places) {
    layers[name].clearLayers();
    const shown = places.map((place) => ({ place, at: spot(place) })).filter(({ at }) => at);
    shown.forEach(({ place, at }) => {
      const marker = L.marker(at, { icon: boxed(name), title: place.name });
      const lines = place.lines.filter(Boolean).slice(0, 12).map((line) => make("li", {}, line));
      marker.bindPopup(make("div", { class: "om-bubble" }, make("b", {}, place.name), make("ul", {}, ...lines), make("a", { class: "gg-link", href: place.url }, data.words.toList)));
      marker.addTo(layers[name]);
    });
    root.querySelector(`[data-om-count=${name}]`).textContent = String(shown.length);
  }

  async function show() {
    for (const [name, layer] of Object.entries(layers)) {
      if (!set.has("on", name)) {
        layer.remove();
        continue;
      }
      layer.addTo(map);
      const found = await ask(`places.${name}`, data.urls.places[name], { level: grids?.level || "" });
      if (found) draw(name, found.places);
    }
  }

  on("level", show);
  on("state", (names) => { if (names.has("on")) show(); });
})();
