/* Borders on a Leaflet map. Pages to look at: [data-grid-map]. What other scripts draw with: window.gridMaps. */
(function () {
  "use strict";

  // What lies round is looked at and snapped to, never edited.
  const still = { pmIgnore: true, snapIgnore: false };
  const STYLES = {
    own: { color: "#167961", weight: 3, fillOpacity: 0.15, ...still },
    parent: { color: "#475569", weight: 2, dashArray: "6 4", fillOpacity: 0, interactive: false, ...still },
    sibling: { color: "#64748b", weight: 1, fillOpacity: 0.08, ...still },
    child: { color: "#64748b", weight: 1, fillOpacity: 0.08, ...still },
    part: { color: "#1d4ed8", weight: 2, fillOpacity: 0.12, ...still },
    gap: { color: "#b91c1c", weight: 2, fillOpacity: 0.45, pmIgnore: true },
    overlap: { color: "#b45309", weight: 2, fillOpacity: 0.5, pmIgnore: true },
    beyond: { color: "#7c3aed", weight: 2, fillOpacity: 0.4, pmIgnore: true },
  };

  function read(id) {
    const element = document.getElementById(id);
    return element ? JSON.parse(element.textContent) : null;
  }

  // A name is a text, never markup.
  function tip(label) {
    const element = document.createElement("span");
    element.textContent = label;
    return element;
  }

  function addLayers(map, layers) {
    const group = L.featureGroup();
    layers.forEach(function (layer) {
      const shape = L.geoJSON(layer.geojson, { style: STYLES[layer.style] });
      const part = layer.style === "part";
      if (layer.label) shape.bindTooltip(tip(layer.label), part ? { permanent: true, direction: "center" } : { sticky: true });
      if (layer.href) shape.on("click", function () { window.location.href = layer.href; });
      if (layer.key) shape.gridKey = layer.key;
      group.addLayer(shape);
    });
    return group.addTo(map);
  }

  function fit(map, bounds, room = 0.05) {
    if (bounds.isValid()) map.fitBounds(bounds.pad(room), { maxZoom: 19 });
    else map.setView([35, 105], 4);
  }

  // What a page is about, with something of what lies round it; all of it where it is about nothing single.
  function look(map, data) {
    const bounds = (layers) => L.featureGroup(layers.map((layer) => L.geoJSON(layer.geojson))).getBounds();
    const about = data.layers.filter((layer) => layer.style === "own" || layer.style === "part");
    if (about.length) fit(map, bounds(about), 0.25);
    else fit(map, bounds(data.layers));
  }

  function make(element, data) {
    const map = L.map(element, { maxZoom: data.maxZoom, attributionControl: data.tiles.length > 0 });
    data.tiles.forEach(function (tile) { L.tileLayer(tile.url, tile.options).addTo(map); });
    L.control.scale({ imperial: false }).addTo(map);
    return map;
  }

  function show(element) {
    const data = read(element.dataset.gridMap);
    const map = make(element, data);
    look(map, data);
    const layers = addLayers(map, data.layers);
    element.dispatchEvent(new CustomEvent("grid-map:ready", { bubbles: true, detail: { map: map, layers: layers } }));
  }

  window.gridMaps = { STYLES: STYLES, read: read, addLayers: addLayers, fit: fit, make: make };
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-grid-map]").forEach(show);
  });
})();
